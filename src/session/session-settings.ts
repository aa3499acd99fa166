import type { Agent } from '../agents/agent.ts';
import type { FaceAnimator } from '../face/animator.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../time/clock.ts';
import type { Tool } from '../tools/tool.ts';
import type { Observer } from './observer.ts';

/** What every session of a server shares. */
export interface SessionSettings {
  readonly agent: Agent;
  /** Undefined where the face is switched off. */
  readonly animator: FaceAnimator | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** The system prompt as it is now. */
  readonly instructions: () => string;
  /** What the agent may call. */
  readonly tools: readonly Tool[];
  /** Hz the client is asked to send. */
  readonly inputRate: number;
  /** Hz of the sound that goes to the client. */
  readonly outputRate: number;
  readonly fps: number;
  /** How far frames run ahead of real time. */
  readonly leadMs: number;
  /** 0..1, for jitter. */
  readonly random: () => number;
  /** Who watches; left out: nobody. */
  readonly observer?: Observer;
  /** The request this session began with. */
  readonly requestId?: string;
}
