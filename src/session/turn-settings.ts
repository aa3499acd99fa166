import type { AppError } from '../errors.ts';
import type { FaceAnimator } from '../face/animator.ts';
import type { Clock } from '../time/clock.ts';
import type { Avatar } from './avatar.ts';
import type { Observe } from './observer.ts';
import type { Outbox } from './outbox.ts';
import type { OpenQuestion } from './question.ts';

/** How turns are played; the same for all turns of a session. */
export interface TurnSettings {
  readonly sessionId: string;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly avatar: Avatar;
  /** Undefined where the face is switched off: the sound then goes out as `audio_chunk`. */
  readonly animator: FaceAnimator | undefined;
  /** Hz of the agent's sound. */
  readonly agentRate: number;
  /** Hz on the wire. */
  readonly outputRate: number;
  readonly fps: number;
  readonly leadMs: number;
  readonly charsPerSecond: number;
  /** The turn is over, and this much of it was heard (all of it, unless it was cut off). */
  readonly onSaid: (text: string) => void;
  /** Whether the agent has a reason to be silent in the middle of an answer: a tool runs. */
  readonly mayPause: () => boolean;
  /** A fault that does not end the turn: a failed face, a stalled agent. */
  readonly onFault: (error: AppError) => void;
  /** A frame has gone out: less sound is held. */
  readonly onFrame: () => void;
  readonly observe: Observe;
  /** What the user waits to be answered. */
  readonly question: OpenQuestion;
}
