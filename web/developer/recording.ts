import type { Direction } from './message-log.js';

/** Something that went over the wire while it was recorded. */
export interface RecordedMessage {
  /** Monotonic, from the recording's beginning (ms). */
  readonly atMs: number;
  readonly direction: Direction;
  /** The text as it went over the socket. */
  readonly data: string;
}

/** Something that happened at the listener's ear while it was recorded. */
export type RecordedEvent =
  | { readonly atMs: number; readonly kind: 'first_sound'; readonly turnId: string }
  | { readonly atMs: number; readonly kind: 'underrun'; readonly turnId: string }
  | {
      readonly atMs: number;
      readonly kind: 'ended' | 'cut';
      readonly turnId: string;
      readonly heardMs: number;
    };

/** A piece of a conversation. */
export interface Recording {
  /** When it was begun, as ISO 8601. */
  readonly recordedAt: string;
  readonly durationMs: number;
  /** Rates (Hz) that the server had named. */
  readonly inputSampleRate: number;
  readonly outputSampleRate: number;
  /** In order of their time. */
  readonly messages: readonly RecordedMessage[];
  readonly events: readonly RecordedEvent[];
}

/** What a file of a recording calls itself. */
export const RECORDING_FORMAT = 'avatar-chat-recording';
export const RECORDING_VERSION = 1;

/** Bounds of a recording: its time (ms), its text (characters), its messages. */
export const MOST_RECORDED_MS = 10 * 60_000;
export const MOST_RECORDED_CHARS = 96 * 1024 * 1024;
export const MOST_RECORDED_MESSAGES = 100_000;
