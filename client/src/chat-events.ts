import type { Action } from './actions.ts';
import type { ConnectionState } from './link/connection.ts';
import type { Level, MicrophoneState } from './microphone/microphone.ts';
import type { HeardFrame, TurnEnd } from './playback/heard.ts';
import type { TranscriptEntry, Word } from './transcript.ts';
import type { Fault } from './wire/fault.ts';
import type { ServerMessage } from './wire/messages.ts';

/** What an `AvatarChat` tells; each name with what its listeners get. */
export interface ChatEvents {
  /** The connection. */
  state: ConnectionState;
  /** What avatar and user are up to, for a face and a label. */
  activity: Activity;
  /** A turn's sound begins to come. */
  turnStart: { readonly turnId: string };
  turnEnd: TurnEnd;
  /** A frame begins to be heard: sound and face of some 33 ms. */
  frame: HeardFrame;
  word: Word;
  transcript: { readonly entry: TranscriptEntry; readonly index: number };
  action: Action;
  /** The server says that something went wrong; `error-words` has plain words for the code. */
  error: { readonly code: string; readonly message: string; readonly retryAfterMs?: number };
  /** The server sent what it should not have. Nothing needs to be done. */
  fault: Fault;
  /** A turn ran dry and has gone on. */
  underrun: { readonly turnId: string; readonly count: number };
  /** Browsers hold sound back until the page is clicked or a key is pressed: true while they do. */
  locked: boolean;
  microphone: MicrophoneState;
  level: Level;
  /** Every message of the server, checked and decoded, when it arrives. */
  message: ServerMessage;
  /** All that goes over the socket, as it is: for tools that show or record it. */
  wire: WireData;
}

/** Something on its way: `data` is what the socket took or gave, text unless a server sends what it should not. */
export interface WireData {
  readonly direction: 'sent' | 'received';
  readonly data: unknown;
}

/** What is going on; `offline` whenever nobody can be talked to. */
export type Activity = 'connecting' | 'offline' | 'listening' | 'thinking' | 'speaking';
