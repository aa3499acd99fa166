import type { ServerMessage } from '../src/protocol/server-message-types.ts';
import type { Weights } from './weights.js';

/** One slice of speech: its sound and the face that goes with it. */
export interface SyncFrameMessage {
  readonly type: 'sync_frame';
  readonly turnId: string;
  readonly weights: Weights;
  /** Base64 of signed 16-bit little-endian mono samples. */
  readonly audio: string;
}

/** Everything the server says. */
export type FromServer = ServerMessage | SyncFrameMessage;

/** Everything this page says. */
export type ToServer =
  | { readonly type: 'text'; readonly data: string }
  | { readonly type: 'audio_stream_start'; readonly sampleRate: number }
  | { readonly type: 'audio'; readonly data: string }
  | { readonly type: 'audio_stream_end' }
  | { readonly type: 'interrupt' }
  | { readonly type: 'playback'; readonly turnId: string; readonly playedMs: number }
  | { readonly type: 'ping' };
