import type {
  AudioEndMessage,
  AudioStartMessage,
  AvatarState,
  AvatarStateMessage,
  ConfigMessage,
  ErrorMessage,
  InterruptMessage,
  PongMessage,
  Role,
  TranscriptDeltaMessage,
  TranscriptDoneMessage,
  TriggerActionMessage,
} from '../../../src/protocol/server-message-types.ts';
import type { VisemeWeights, Weights } from './blendshapes.ts';

export type { AvatarState, ErrorMessage, Role };

/** A piece of a turn: its sound and the face that goes with it, checked and decoded. */
export interface Frame {
  readonly type: 'sync_frame';
  readonly turnId: string;
  /** Its place in the turn; undefined where the server does not say. */
  readonly frameIndex: number | undefined;
  /** Finite, 0 to 1. */
  readonly weights: Weights;
  readonly visemes: VisemeWeights | undefined;
  /** Signed 16-bit samples, mono, at the turn's rate. */
  readonly pcm: Int16Array;
  /** Silence put in by the server because the agent paused. */
  readonly filler: boolean;
}

/** What is left of a server's message when the parts nobody needs are gone. */
type Read<Message> = Omit<Message, 'timestamp' | 'sessionId' | 'format'>;

/** Everything a server says, after checking. */
export type ServerMessage =
  | ConfigMessage
  | Read<AvatarStateMessage>
  | Read<AudioStartMessage>
  | Frame
  | Read<AudioEndMessage>
  | Read<TranscriptDeltaMessage>
  | Read<TranscriptDoneMessage>
  | Read<InterruptMessage>
  | Read<TriggerActionMessage>
  | Read<ErrorMessage>
  | Read<PongMessage>;

/** The kinds of pictures a server takes. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

/** Everything a client says. A test holds each equal to what the server's parser takes. */
export type ClientMessage =
  | { readonly type: 'text'; readonly data: string; readonly userId?: string }
  | { readonly type: 'audio_stream_start'; readonly sampleRate?: number; readonly userId?: string }
  | { readonly type: 'audio'; readonly data: string }
  | { readonly type: 'audio_stream_end' }
  | { readonly type: 'interrupt' }
  // The server tells a picture by its beginning: `type` must stay first.
  | { readonly type: 'image'; readonly data: string; readonly mimeType: ImageType; readonly caption?: string }
  | { readonly type: 'playback'; readonly turnId: string; readonly playedMs: number }
  | { readonly type: 'action_result'; readonly callId: string; readonly result: unknown }
  | { readonly type: 'ping' };
