import { mix, type VisemeWeights, type Weights } from '../wire/blendshapes.ts';
import type { Frame } from '../wire/messages.ts';
import type { Position } from './schedule.ts';
import type { Piece } from './turn-sound.ts';

/** What is heard at a moment. */
export interface Heard {
  readonly turnId: string;
  /** Milliseconds of the turn that have been heard. */
  readonly offsetMs: number;
  /** The face that belongs to it, between one frame's and the next one's. */
  readonly weights: Weights;
  readonly visemes: VisemeWeights | undefined;
}

/** A frame at the moment it begins to be heard. */
export interface HeardFrame extends Heard {
  readonly frameIndex: number | undefined;
  /** Signed 16-bit samples, mono. */
  readonly pcm: Int16Array;
  readonly sampleRate: number;
  /** Silence that was put in: the agent paused, or a frame was lost. */
  readonly filler: boolean;
}

/** How a turn ended. */
export interface TurnEnd {
  readonly turnId: string;
  /** Milliseconds of it that were heard. */
  readonly heardMs: number;
  /** It was cut off. */
  readonly cut: boolean;
}

/** What a {@link Player} tells. */
export interface PlayerListener {
  onFrame(frame: HeardFrame): void;
  /** Some 30 times a second while a turn sounds, and once when it ends. */
  onProgress(turnId: string, heardMs: number): void;
  onTurnEnd(end: TurnEnd): void;
  /** A turn ran dry and has gone on; how often that has happened. */
  onUnderrun(turnId: string, count: number): void;
  /** Sound is held back until the page is clicked, or no more. */
  onLocked(locked: boolean): void;
}

/** What is heard at a position of the schedule: the face between this frame's and the next one's. */
export function heardAt({ piece, next, into }: Position<Piece>, sampleRate: number): Heard {
  const from = piece.content.frame;
  const to = next?.turnId === piece.turnId ? next.content.frame : from;
  const share = into / piece.length;
  return {
    turnId: piece.turnId,
    offsetMs: (1000 * (piece.offset + into)) / sampleRate,
    weights: mix(from.weights, to.weights, share),
    visemes: from.visemes && mix(from.visemes, to.visemes ?? {}, share),
  };
}

/** A frame that begins to be heard `offsetMs` into its turn. */
export function heardFrame(frame: Frame, offsetMs: number, sampleRate: number): HeardFrame {
  const { turnId, frameIndex, weights, visemes, pcm, filler } = frame;
  return { turnId, offsetMs, frameIndex, weights, visemes, pcm, sampleRate, filler };
}
