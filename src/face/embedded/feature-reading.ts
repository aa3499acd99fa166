import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import { VISEME_COUNT } from '../../protocol/visemes.ts';
import { fullRowWidth, setLips, visemesOf } from '../engine/face-row.ts';
import type { RowReading } from '../engine/window-stream.ts';
import type { ReadoutFunction } from './readout.ts';

/** How the embedded model's rows are laid out: its features, then, where they were asked for, the visemes. */
export interface FeatureRows {
  readonly featureNames: readonly string[];
  readonly withVisemes: boolean;
  readonly readout: ReadoutFunction;
}

/** Names of the feature that says how far the lips are on each other, and of the one for lip on teeth: the first it has. */
const CLOSED_NAMES = ['closure', 'closed', 'PP'];
const BITTEN_NAMES = ['labiodental', 'FF'];

/** Makes faces of the embedded model's rows: the weights by the readout, the lips and the visemes as they are told. */
export function featureReading({ featureNames, withVisemes, readout }: FeatureRows): RowReading {
  const rowWidth = fullRowWidth(withVisemes);
  const modelWidth = featureNames.length + (withVisemes ? VISEME_COUNT : 0);
  const closedAt = firstOf(CLOSED_NAMES, featureNames);
  const bittenAt = firstOf(BITTEN_NAMES, featureNames);
  return {
    rowWidth,
    visemes: withVisemes,
    read: (rows) => {
      const frames = rows.length / modelWidth;
      const faces = new Float32Array(frames * rowWidth);
      for (let frame = 0; frame < frames; frame += 1) {
        const start = frame * modelWidth;
        const features = rows.subarray(start, start + featureNames.length);
        const face = faces.subarray(frame * rowWidth, (frame + 1) * rowWidth);
        readout(features, face.subarray(0, BLENDSHAPE_COUNT));
        setLips(face, { closed: features[closedAt] ?? 0, bitten: features[bittenAt] ?? 0 });
        visemesOf(face)?.set(rows.subarray(start + featureNames.length, start + modelWidth));
      }
      return faces;
    },
  };
}

function firstOf(names: readonly string[], featureNames: readonly string[]): number {
  return names.map((name) => featureNames.indexOf(name)).find((at) => at >= 0) ?? -1;
}
