import type { SocketClass } from './link/connection.ts';
import type { MicrophoneOptions } from './microphone/microphone.ts';
import { audioOutput } from './playback/audio-output.ts';
import { type Output, silentOutput } from './playback/output.ts';

/** How an `AvatarChat` is made. */
export interface ChatOptions {
  /** Where the server is: `https://host`, `wss://host/ws`, or relative to the page. In a page: where the page is. */
  readonly server?: string;
  /**
   * `auto`: a token is fetched once the server asks for one; `always`: from the first attempt on (saves a round trip
   * where it is known); a function: gives a token of the page's own; `never`.
   */
  readonly auth?: 'auto' | 'always' | 'never' | (() => string | Promise<string>);
  /** The WebSocket to use; the global one unless given. */
  readonly webSocket?: SocketClass;
  /** Waits between attempts (ms): the first, which doubles, and the longest. */
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** Asks the server so often whether it is there (ms). */
  readonly pingEveryMs?: number;
  readonly microphone?: MicrophoneOptions;
  /** Where sound goes: an audio context and node of the page's own, or `none`. */
  readonly output?: 'none' | { readonly context: AudioContext; readonly destination?: AudioNode };
  /** Unlock sound by itself at the first click or key; true unless given. */
  readonly unlocksItself?: boolean;
  /** Ends a turn that has stopped without an end (ms). */
  readonly stalledAfterMs?: number;
}

/** Makes the output that the options ask for, at this rate (Hz) where it is ours to choose. */
export function makeOutput(output: ChatOptions['output'], sampleRate: number): Output {
  if (output === 'none' || (output === undefined && typeof AudioContext === 'undefined')) {
    return silentOutput(sampleRate);
  }
  if (output !== undefined) return audioOutput(output.context, false, output.destination);
  try {
    return audioOutput(new AudioContext({ sampleRate, latencyHint: 'interactive' }), true);
  } catch {
    return silentOutput(sampleRate); // no loudspeaker to be had: the words still come
  }
}
