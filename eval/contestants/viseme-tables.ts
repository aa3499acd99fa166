import { BLENDSHAPE_COUNT, BLENDSHAPES } from '../../src/protocol/blendshapes.ts';
import { VISEMES } from '../../src/protocol/visemes.ts';

/** What a whole viseme is in blendshapes. */
export interface VisemeTable {
  readonly name: string;
  readonly channels: readonly string[];
  /** By viseme, in the order of the channels; silence is the rest. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

/** In the style of the full-size model: a fit of its own channels on visemes (the project's notes on lips, table A). */
export const LAM_TABLE: VisemeTable = {
  name: 'lam',
  channels: [
    'jawOpen',
    'mouthClose',
    'mouthLowerDown',
    'mouthUpperUp',
    'mouthPucker',
    'mouthFunnel',
    'mouthStretch',
    'mouthShrugUpper',
    'mouthShrugLower',
    'mouthPress',
    'mouthRollLower',
    'mouthFrown',
    'noseSneer',
    'cheekPuff',
  ],
  rows: {
    sil: [0.01, 0, 0, 0.01, 0.03, 0, 0.01, 0.02, 0, 0.01, 0.01, 0, 0.01, 0],
    PP: [0, 0.08, 0.05, 0.02, 0.14, 0.04, 0.07, 0.2, 0.05, 0.15, 0.02, 0.04, 0.05, 0.04],
    FF: [0.01, 0, 0.05, 0.07, 0, 0, 0.09, 0.47, 0.01, 0.16, 0.01, 0, 0.08, 0.05],
    TH: [0.02, 0.03, 0.58, 0.12, 0.06, 0, 0.01, 0.71, 0, 0.04, 0, 0, 0, 0.04],
    DD: [0, 0.01, 0.63, 0.13, 0, 0.03, 0.07, 0.9, 0, 0.09, 0.01, 0, 0.04, 0.08],
    kk: [0.14, 0.06, 0.67, 0.17, 0.29, 0, 0.08, 0.55, 0, 0, 0, 0.06, 0.01, 0.02],
    CH: [0, 0.13, 0.77, 0.09, 0.25, 0.17, 0, 1, 0, 0.2, 0, 0, 0.08, 0.13],
    SS: [0, 0.05, 0.49, 0.15, 0.09, 0.07, 0.07, 1, 0, 0.27, 0.01, 0.01, 0.08, 0.12],
    nn: [0, 0.08, 0.58, 0.09, 0.24, 0.03, 0.05, 0.58, 0.02, 0.1, 0.01, 0.03, 0.08, 0.05],
    RR: [0.01, 0.01, 0.35, 0.07, 0.17, 0, 0.06, 0.22, 0.01, 0.04, 0.01, 0.03, 0.03, 0.01],
    aa: [0.2, 0.02, 0.53, 0.13, 0.07, 0, 0.08, 0.66, 0, 0, 0, 0.05, 0.07, 0.01],
    E: [0.11, 0, 0.47, 0.12, 0.01, 0, 0.11, 0.58, 0, 0.04, 0.01, 0.02, 0.07, 0.02],
    I: [0, 0.03, 0.52, 0.13, 0.07, 0.01, 0.07, 0.55, 0.02, 0.08, 0.01, 0.01, 0.05, 0.04],
    O: [0.05, 0.12, 0.41, 0, 0.35, 0.05, 0.03, 0.26, 0.02, 0.05, 0.01, 0.06, 0.03, 0.02],
    U: [0.04, 0.05, 0.17, 0, 0.2, 0.02, 0.04, 0.14, 0.03, 0.11, 0.01, 0.05, 0.02, 0.04],
  },
};

/** For a generic ARKit rig, as the peers' own visemes are meant to look (table B, near TalkingHead's own recipe). */
export const ARKIT_TABLE: VisemeTable = {
  name: 'arkit',
  channels: [
    'jawOpen',
    'mouthClose',
    'mouthLowerDown',
    'mouthUpperUp',
    'mouthPucker',
    'mouthFunnel',
    'mouthStretch',
    'mouthSmile',
    'mouthPress',
    'mouthRollLower',
    'mouthRollUpper',
    'mouthShrugLower',
    'mouthShrugUpper',
  ],
  rows: {
    sil: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    PP: [0.03, 0.03, 0, 0, 0, 0, 0, 0, 0.35, 0.2, 0.18, 0.1, 0],
    FF: [0.08, 0, 0, 0.25, 0, 0, 0.05, 0, 0.05, 0.45, 0, 0, 0.1],
    TH: [0.14, 0, 0.22, 0.12, 0, 0, 0.08, 0, 0, 0, 0, 0, 0],
    DD: [0.12, 0, 0.25, 0.12, 0, 0, 0.12, 0, 0, 0, 0, 0, 0],
    kk: [0.2, 0, 0.22, 0.1, 0, 0, 0.08, 0, 0, 0, 0, 0, 0],
    CH: [0.1, 0, 0.2, 0.18, 0.3, 0.45, 0, 0, 0, 0, 0, 0, 0.15],
    SS: [0.05, 0, 0.32, 0.18, 0, 0, 0.28, 0.08, 0, 0, 0, 0, 0],
    nn: [0.14, 0, 0.22, 0.1, 0, 0, 0.1, 0, 0, 0, 0, 0, 0],
    RR: [0.14, 0, 0.12, 0, 0.28, 0.25, 0, 0, 0, 0, 0, 0, 0],
    aa: [0.55, 0, 0.3, 0.15, 0, 0, 0.05, 0, 0, 0, 0, 0, 0],
    E: [0.36, 0, 0.32, 0.18, 0, 0, 0.28, 0.12, 0, 0, 0, 0, 0],
    I: [0.16, 0, 0.28, 0.16, 0, 0, 0.38, 0.22, 0, 0, 0, 0, 0],
    O: [0.38, 0, 0.1, 0, 0.3, 0.5, 0, 0, 0, 0, 0, 0, 0],
    U: [0.14, 0.06, 0, 0, 0.62, 0.28, 0, 0, 0, 0, 0, 0, 0],
  },
};

/** The 52 weights of a mixture of visemes. */
export function faceOf(visemes: Float32Array, { channels, rows }: VisemeTable): Float32Array {
  const weights = new Float32Array(BLENDSHAPE_COUNT);
  for (const [place, viseme] of VISEMES.entries()) {
    for (const [at, amount] of (rows[viseme] ?? []).entries()) {
      const share = amount * (visemes[place] ?? 0);
      for (const column of columnsOf(channels[at] ?? ''))
        weights[column] = Math.min(1, (weights[column] ?? 0) + share);
    }
  }
  return weights;
}

function columnsOf(channel: string): readonly number[] {
  return [channel, `${channel}Left`, `${channel}Right`]
    .map((name) => (BLENDSHAPES as readonly string[]).indexOf(name))
    .filter((column) => column >= 0);
}
