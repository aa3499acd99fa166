import type { Player } from '../playback/player.ts';
import { REST, type VisemeWeights, type Weights } from '../wire/blendshapes.ts';

/** What a renderer is given for one picture. */
export interface Expression {
  readonly weights: Weights;
  /** Only where the server sends them. */
  readonly visemes: VisemeWeights | undefined;
}

/** Something that can wear an expression: a model in a scene. */
export type Wearer = (expression: Expression) => void;

/**
 * Makes what a render loop calls once per picture: the model wears what is being heard, and the face at rest in silence.
 *
 * @param rest what is worn in silence.
 * @returns whether something is being heard.
 */
export function wear(player: Pick<Player, 'heard'>, wearer: Wearer, rest: Weights = REST): () => boolean {
  return () => {
    const heard = player.heard();
    wearer({ weights: heard?.weights ?? rest, visemes: heard?.visemes });
    return heard !== undefined;
  };
}
