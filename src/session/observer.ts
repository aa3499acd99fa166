import type { ErrorCode } from '../errors.ts';
import type { FrameFace, FrameTiming } from './frame-kinds.ts';
import type { TurnBeginning, TurnReport } from './turn-record.ts';

/** Names a conversation in everything that is told of it. */
export interface SessionIds {
  readonly sessionId: string;
  /** The HTTP request it began with; undefined where there was none. */
  readonly requestId: string | undefined;
}

/**
 * Whoever watches the conversations of a server: metrics, traces, a recording. It is told of everything in the moment it
 * happens, in the path of the sound: it must be quick and must not throw. It may keep the arrays, and must not change them.
 * Of what is said in a conversation only the sound is told, never a word.
 */
export interface Observer {
  /** A conversation begins; what it has to say goes to the function that comes back, until `session_over`. */
  session(ids: SessionIds): Observe;
  /** Somebody was not let in, or was not given what he asked for at the door. */
  refused(code: ErrorCode): void;
  /** The socket of somebody who was let in has closed, with a WebSocket close code. */
  closed(code: number): void;
}

/** Takes what happens in one conversation. */
export type Observe = (event: SessionEvent) => void;

/** Why a connection to the agent is opened. */
export const OPENING_REASONS = ['first', 'renewal', 'retry'] as const;
/** One of {@link OPENING_REASONS}. */
export type OpeningReason = (typeof OPENING_REASONS)[number];

/** What stopped an answer: the client's `interrupt`, a typed text, or the agent's word that the user speaks. */
export const BARGE_INS = ['interrupt', 'text', 'speech'] as const;
/** One of {@link BARGE_INS}. */
export type BargeIn = (typeof BARGE_INS)[number];

/** What happens in a conversation. Times are monotonic milliseconds. */
export type SessionEvent =
  /** Sound came from the client, at its rate. */
  | { readonly type: 'heard'; readonly pcm: Int16Array; readonly sampleRate: number }
  /** A frame was handed to the socket. */
  | {
      readonly type: 'frame';
      readonly pcm: Int16Array;
      readonly timing: FrameTiming;
      readonly face: FrameFace;
    }
  /** The agent's sound stopped in the middle of an answer, and silence is put in so that the client does not run dry. */
  | { readonly type: 'underrun' }
  /** The first frame of an answer went out. */
  | { readonly type: 'turn_began'; readonly turn: TurnBeginning }
  /** An answer of which at least one frame went out is over. */
  | { readonly type: 'turn_over'; readonly turn: TurnReport }
  /** At least one answer was cut off; `tookMs`: until the client was told and the agent, too. */
  | { readonly type: 'barge_in'; readonly by: BargeIn; readonly tookMs: number }
  /** The client was told of an error. */
  | { readonly type: 'fault'; readonly code: ErrorCode }
  | { readonly type: 'agent_opening'; readonly reason: OpeningReason }
  | { readonly type: 'agent_opened'; readonly reason: OpeningReason; readonly tookMs: number }
  /** A connection to the agent broke, or could not be opened. */
  | {
      readonly type: 'agent_failed';
      readonly code: ErrorCode;
      readonly retryable: boolean;
      readonly opened: boolean;
    }
  /** A tool has answered, or failed. `name` is one of the tools' own. */
  | {
      readonly type: 'tool_over';
      readonly name: string;
      readonly startedAtMs: number;
      readonly endedAtMs: number;
      readonly failed: boolean;
    }
  | { readonly type: 'session_over' };

/** Tells several observers the same, in order. */
export function observers(all: readonly Observer[]): Observer {
  return {
    session: (ids) => {
      const each = all.map((observer) => observer.session(ids));
      return (event) => {
        for (const observe of each) observe(event);
      };
    },
    refused: (code) => {
      for (const observer of all) observer.refused(code);
    },
    closed: (code) => {
      for (const observer of all) observer.closed(code);
    },
  };
}

/** Watches nothing. */
export const NO_OBSERVER: Observer = {
  session: () => () => undefined,
  refused: () => undefined,
  closed: () => undefined,
};

/** Watches conversations, and not the door. */
export function observeSessions(session: Observer['session']): Observer {
  return { ...NO_OBSERVER, session };
}
