// What `import { … } from 'avatar-chat-client'` gives.
export type { Action, ActionHandler } from './actions.ts';
export { AvatarChat } from './chat.ts';
export type { Activity, ChatEvents, WireData } from './chat-events.ts';
export type { ChatOptions } from './chat-options.ts';
export type { Unsubscribe } from './emitter.ts';
export type { ConnectionState, Socket, SocketClass } from './link/connection.ts';
export type { Level, Microphone, MicrophoneOptions, MicrophoneState } from './microphone/microphone.ts';
export { MicrophoneError, type MicrophoneErrorCode } from './microphone/microphone-error.ts';
export type { Heard, HeardFrame, TurnEnd } from './playback/heard.ts';
export type { Player } from './playback/player.ts';
export { Resampler } from './resampler.ts';
export type { Transcript, TranscriptEntry, Word } from './transcript.ts';
export {
  BLENDSHAPES,
  type Blendshape,
  mix,
  REST,
  VISEMES,
  type Viseme,
  type VisemeWeights,
  type Weights,
} from './wire/blendshapes.ts';
export type { Fault, FaultKind } from './wire/fault.ts';
export type { AvatarState, Frame, ImageType, Role, ServerMessage } from './wire/messages.ts';
