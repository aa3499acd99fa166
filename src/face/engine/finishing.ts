import { BLENDSHAPE_COUNT, restWeights } from '../../protocol/blendshapes.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { FrameLevels } from './frame-levels.ts';
import type { Predictions } from './seam.ts';
import { closeLips, closureOf } from './sharpening.ts';
import { SilenceGate } from './silence-gate.ts';
import { smoothFrame } from './smoothing.ts';
import { symmetrise } from './symmetry.ts';

/** Frames of the way between rest and speech at both ends of a turn. */
const RAMP_FRAMES = 3;

/** Frames of prediction before the one being finished that are still looked at. */
export const FINISHING_PAST_FRAMES = 8;

/** Turns a turn's predictions into the faces that are shown, one after the other. One per turn. */
export class Finishing {
  readonly #settings: EngineSettings;
  readonly #gate: SilenceGate | undefined;
  readonly #rest = restWeights();

  constructor(settings: EngineSettings) {
    this.#settings = settings;
    const { silenceDbfs, holdBackFrames } = settings;
    if (silenceDbfs !== undefined) this.#gate = new SilenceGate(silenceDbfs, Math.min(3, holdBackFrames));
  }

  /**
   * The face of a frame; called once for each, in order.
   *
   * @param total frames the turn has, if that is known.
   * @returns 52 weights, 0..1; the caller owns the array.
   */
  finish(
    predictions: Predictions,
    levels: FrameLevels,
    frame: number,
    total: number | undefined,
  ): Float32Array {
    const { smoothing, symmetry, closureSharpening } = this.#settings;
    const at = (index: number) => predictions.at(index);
    const weights = new Float32Array(BLENDSHAPE_COUNT);
    if (smoothing) smoothFrame(at, frame, weights);
    else weights.set(at(frame) ?? this.#rest);
    if (symmetry) symmetrise(weights);
    if (closureSharpening > 0) closeLips(weights, closureSharpening * closureOf(at, levels, frame));

    const fromStart = (frame + 1) / (RAMP_FRAMES + 1);
    const toEnd = total === undefined ? 1 : (total - frame) / (RAMP_FRAMES + 1);
    const open = this.#gate?.next(levels, frame) ?? 1;
    const share = Math.min(1, open, fromStart, toEnd);
    for (let column = 0; column < weights.length; column += 1) {
      const rest = this.#rest[column] as number;
      const shown = rest + ((weights[column] as number) - rest) * share;
      weights[column] = Math.max(0, Math.min(1, shown));
    }
    return weights;
  }
}
