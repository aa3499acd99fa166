import type { Blendshape, VisemeWeights, Weights } from '../wire/blendshapes.ts';
import { findShapes } from './shape-names.ts';
import type { Expression, Wearer } from './wearer.ts';

export { type Expression, type Wearer, wear } from './wearer.ts';

/** The part of three-vrm's `VRMExpressionManager` that is used. */
export interface ExpressionManager {
  readonly expressions: readonly { readonly expressionName: string }[];
  setValue(name: string, weight: number): void;
}

/** The mouth expressions that every VRM has (VRM 1.0, "Preset Expressions"). */
const MOUTH = ['aa', 'ih', 'ou', 'ee', 'oh'] as const;
type Mouth = Readonly<Record<(typeof MOUTH)[number], number>>;

/** With fewer ARKit expressions than this a model is driven by the presets that every VRM has. */
const PERFECT_SYNC_FROM = 20;

/**
 * Drives a VRM's expressions. A model with ARKit expressions ("perfect sync": VRoid's HANA_Tool and others) wears the
 * weights as they are; any other its presets: aa, ih, ou, ee, oh from the visemes where the server sends them, otherwise
 * from jaw and lips; blinks, and `happy` for the smile.
 *
 * @param manager `vrm.expressionManager`. Call `vrm.update()` afterwards, as always.
 */
export function vrmExpressions(manager: ExpressionManager): Wearer {
  const names = manager.expressions.map(({ expressionName }) => expressionName);
  const shapes = findShapes(names.filter((name) => !name.startsWith('look')));
  if (shapes.size >= PERFECT_SYNC_FROM) {
    return ({ weights }) => {
      for (const [shape, name] of shapes) manager.setValue(name, weights[shape] ?? 0);
    };
  }
  return (expression) => wearPresets(manager, expression);
}

function wearPresets(manager: ExpressionManager, { weights, visemes }: Expression): void {
  const mouth = visemes === undefined ? mouthOfWeights(weights) : mouthOfVisemes(visemes);
  for (const name of MOUTH) manager.setValue(name, mouth[name]);
  manager.setValue('blinkLeft', weights.eyeBlinkLeft ?? 0);
  manager.setValue('blinkRight', weights.eyeBlinkRight ?? 0);
  // A broad smile stretches the mouth of most models: half of it is enough under speech.
  manager.setValue('happy', 0.5 * both(weights, 'mouthSmile'));
}

/** Vowels are what they are; of the consonants only what opens the mouth. */
function mouthOfVisemes(visemes: VisemeWeights): Mouth {
  const {
    aa = 0,
    E = 0,
    I = 0,
    O = 0,
    U = 0,
    TH = 0,
    DD = 0,
    kk = 0,
    CH = 0,
    SS = 0,
    nn = 0,
    RR = 0,
  } = visemes;
  return {
    aa: within(aa),
    ih: within(I + 0.3 * (SS + TH + DD)),
    ou: within(U + 0.4 * CH),
    ee: within(E + 0.3 * (kk + nn)),
    oh: within(O + 0.3 * RR),
  };
}

/** How open, how round, how wide the mouth is; that much of each vowel. */
function mouthOfWeights(weights: Weights): Mouth {
  const closed = 1 - (weights.mouthClose ?? 0);
  const open = within(3 * closed * (weights.jawOpen ?? 0));
  const round = within(2 * ((weights.mouthPucker ?? 0) + (weights.mouthFunnel ?? 0)));
  const wide = within(2 * (both(weights, 'mouthStretch') + 0.5 * both(weights, 'mouthSmile')));
  const lips = within(closed * both(weights, 'mouthLowerDown'));
  return {
    aa: open * (1 - round) * (1 - 0.5 * wide),
    oh: open * round,
    ou: round * (1 - open),
    ee: 0.5 * open * wide * (1 - round),
    ih: lips * wide * (1 - open) * (1 - round),
  };
}

type Paired = Blendshape extends infer Name ? (Name extends `${infer Shape}Left` ? Shape : never) : never;

function both(weights: Weights, shape: Paired): number {
  return ((weights[`${shape}Left`] ?? 0) + (weights[`${shape}Right`] ?? 0)) / 2;
}

function within(amount: number): number {
  return Math.max(0, Math.min(1, amount));
}
