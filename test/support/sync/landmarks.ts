import '../page-modules.ts';
import type { Blendshape } from '../../../src/protocol/blendshapes.ts';
import type { Landmarks, Picture } from './recorder.ts';

const { Expression } = await import('../../../web/face/expression.ts');
const { drawEye } = await import('../../../web/face/flat/eyes.ts');
const { drawMouth } = await import('../../../web/face/flat/mouth.ts');
const { AROUND, CONTACT } = await import('../../../web/face/head/lips.ts');
const { HeadModel } = await import('../../../web/face/head/model.ts');
const { paletteOf, THEME } = await import('../../../web/face/head/palette.ts');

const model = new HeadModel(paletteOf(THEME));
const STILL = { lids: 0, gazeX: 0, gazeY: 0, yaw: 0, pitch: 0, rollDegrees: 0, breath: 0 };
const EYE = { closed: 0, wide: 0, squint: 0, cheek: 0, lookLeft: 0, lookUp: 0 };
const STEPS = 500;

/** The middle of the lower lip, and the inner end of a brow. */
export const LANDMARKS: Landmarks = {
  lipVertex: model.skin.part.first + CONTACT * AROUND + (3 * AROUND) / 4,
  browVertex: model.brows.left.part.first,
};

/** Heights of both for any amount of one shape, 0 to 1 in {@link STEPS}; the face's own code says them. */
function heights(name: Blendshape, kind: '3d' | '2d'): readonly { lip: number; brow: number }[] {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const face = new Expression();
    face.follow({ [name]: step / STEPS }, 1e6);
    if (kind === '2d') {
      const height = (path: string) => Number(/^M\S+ (-?[\d.]+)/.exec(path)?.[1]);
      return {
        lip: height(drawMouth(face).shade),
        brow: height(drawEye(face, 'Left', STILL, 'server').brow),
      };
    }
    model.pose({ amount: (shape) => face.amount(shape), left: EYE, right: EYE });
    const at = (vertex: number) => model.positions[3 * vertex + 1] ?? Number.NaN;
    return { lip: at(LANDMARKS.lipVertex), brow: at(LANDMARKS.browVertex) };
  });
}

const JAW = { '3d': heights('jawOpen', '3d'), '2d': heights('jawOpen', '2d') };
const BROWS = { '3d': heights('browInnerUp', '3d'), '2d': heights('browInnerUp', '2d') };

/** The weights that were drawn, read off the picture. */
export function weightsOf({ kind, lip, brow }: Picture): { readonly jaw: number; readonly brows: number } {
  if (kind === 'bars') return { jaw: lip, brows: brow };
  return {
    jaw: inverse(
      JAW[kind].map((height) => height.lip),
      lip,
    ),
    brows: inverse(
      BROWS[kind].map((height) => height.brow),
      brow,
    ),
  };
}

/** The amount at which a table that rises or falls has this value. */
function inverse(table: readonly number[], value: number): number {
  const sign = Math.sign((table.at(-1) ?? 0) - (table[0] ?? 0));
  const next = table.findIndex((entry) => sign * entry > sign * value);
  if (next <= 0) return next === 0 ? 0 : 1;
  const [from, to] = [table[next - 1] ?? 0, table[next] ?? 1];
  return (next - 1 + (value - from) / (to - from)) / STEPS;
}
