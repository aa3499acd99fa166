/** What the avatar is doing, as the widget understands it. */
export type AvatarState = 'Listening' | 'Thinking' | 'Responding';

/** Who said a transcript's words. */
export type Role = 'user' | 'assistant';

/** Sent first on every connection: the sample rates (Hz) of both directions. */
export interface ConfigMessage {
  readonly type: 'config';
  readonly audio: { readonly inputSampleRate: number; readonly outputSampleRate: number };
}

/** The avatar's state changed. */
export interface AvatarStateMessage {
  readonly type: 'avatar_state';
  readonly state: AvatarState;
  readonly timestamp: number;
}

/** A turn begins; its frames follow. */
export interface AudioStartMessage {
  readonly type: 'audio_start';
  readonly sessionId: string;
  readonly turnId: string;
  readonly sampleRate: number;
  readonly format: 'audio/pcm16';
  readonly timestamp: number;
}

/** The last frame of a turn has been sent. */
export interface AudioEndMessage {
  readonly type: 'audio_end';
  readonly sessionId: string;
  readonly turnId: string;
  readonly timestamp: number;
}

/** One whole word (a leading space on all but the first), with its place in the turn's playback in milliseconds. */
export interface TranscriptDeltaMessage {
  readonly type: 'transcript_delta';
  readonly role: Role;
  readonly text: string;
  readonly sessionId: string;
  readonly turnId: string;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly itemId?: string;
  readonly timestamp: number;
}

/** All that was said in a turn; when `interrupted`, only what can have been heard. */
export interface TranscriptDoneMessage {
  readonly type: 'transcript_done';
  readonly role: Role;
  readonly text: string;
  readonly sessionId: string;
  readonly turnId: string;
  readonly interrupted?: true;
  readonly itemId?: string;
  readonly timestamp: number;
}

/** The live turn is cut off; `offsetMs` is how much of it the client can have played. */
export interface InterruptMessage {
  readonly type: 'interrupt';
  readonly sessionId: string;
  readonly turnId: string;
  readonly offsetMs: number;
  readonly timestamp: number;
}

/** The model wants something done in the page; a tool that says so waits for an `action_result` with this `callId`. */
export interface TriggerActionMessage {
  readonly type: 'trigger_action';
  readonly function_name: string;
  readonly arguments: unknown;
  readonly callId: string;
  readonly timestamp: number;
}

/** Something went wrong; `code` is stable (docs/errors.md). */
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly timestamp: number;
}

/** The answer to `ping`. */
export interface PongMessage {
  readonly type: 'pong';
  readonly timestamp: number;
}

/** Every message this server sends except `sync_frame`, which has an encoder of its own (sync-frame.ts). */
export type ServerMessage =
  | ConfigMessage
  | AvatarStateMessage
  | AudioStartMessage
  | AudioEndMessage
  | TranscriptDeltaMessage
  | TranscriptDoneMessage
  | InterruptMessage
  | TriggerActionMessage
  | ErrorMessage
  | PongMessage;
