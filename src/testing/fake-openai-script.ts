import type { FakeConnection } from './fake-openai-connection.ts';

/** One step of an answer; made by the functions below. */
export type FakeStep =
  | {
      readonly do: 'say';
      readonly text: string;
      readonly pcm: Int16Array;
      /** Sound in each `response.output_audio.delta`. */
      readonly deltaMs: number;
      /** Milliseconds between deltas; 0 sends as fast as the socket takes them. */
      readonly everyMs: number;
    }
  | { readonly do: 'call'; readonly name: string; readonly args: string; readonly callId?: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'send'; readonly event: (ids: FakeIds) => unknown }
  | { readonly do: 'cut'; readonly how: 'reset' | 'stall' }
  | { readonly do: 'close'; readonly code: number; readonly reason: string }
  | { readonly do: 'end'; readonly status: FakeStatus; readonly code?: string };

/** How a response ends by itself; `cancelled` comes from the client or from speech. */
export type FakeStatus = 'completed' | 'failed' | 'incomplete';

/** The names in force where a raw event is sent. */
export interface FakeIds {
  readonly responseId: string;
  /** The message item that is being spoken, if one is. */
  readonly itemId: string;
}

/** What an answer is wanted for. */
export interface FakeQuestion {
  /** What was told to the model last. */
  readonly kind: 'text' | 'speech' | 'image' | 'tool' | 'nothing';
  /** The typed text, the transcript of what was said, or the tool's output; empty otherwise. */
  readonly text: string;
  /** Which answer of this connection it is, from 0. */
  readonly index: number;
  readonly connection: FakeConnection;
}

/** Hz of the API's sound. */
const SAMPLE_RATE = 24_000;

/** One second of 220 Hz: whole periods, so that it can be repeated without a seam. */
const TONE = Int16Array.from({ length: SAMPLE_RATE }, (_, index) =>
  Math.round(12_000 * Math.sin((2 * Math.PI * 220 * (index + 1)) / SAMPLE_RATE)),
);

/** A loud tone that lasts `ms`, the same every time. */
export function fakeSpeech(ms: number): Int16Array {
  const pcm = new Int16Array(Math.round((ms * SAMPLE_RATE) / 1000));
  for (let at = 0; at < pcm.length; at += TONE.length) pcm.set(TONE.subarray(0, pcm.length - at), at);
  return pcm;
}

/** Says `text` in `ms` of sound (unless `pcm` gives it): words and sound interleaved, as the API does. */
export function say(
  text: string,
  {
    ms = 1000,
    pcm = fakeSpeech(ms),
    deltaMs = 100,
    everyMs = 0,
  }: { ms?: number; pcm?: Int16Array; deltaMs?: number; everyMs?: number } = {},
): FakeStep {
  return { do: 'say', text, pcm, deltaMs, everyMs };
}

/** Calls a tool; `args` as the model would write it. */
export function callTool(name: string, args: unknown = {}, callId?: string): FakeStep {
  const written = typeof args === 'string' ? args : JSON.stringify(args);
  return { do: 'call', name, args: written, ...(callId === undefined ? {} : { callId }) };
}

/** Waits, by the fake's clock. */
export function wait(ms: number): FakeStep {
  return { do: 'wait', ms };
}

/** Sends anything: an object as JSON, a text as it is (garbage JSON, say). It gets no `event_id` of the fake's. */
export function sendRaw(event: unknown): FakeStep {
  return {
    do: 'send',
    event: typeof event === 'function' ? (event as (ids: FakeIds) => unknown) : () => event,
  };
}

/** Sends an `error` event. */
export function sendError(type: string, code: string, message = 'A scripted error.'): FakeStep {
  return sendRaw({
    type: 'error',
    event_id: `event_scripted_${code}`,
    error: { type, code, message, param: null, event_id: null },
  });
}

/** A piece of sound as the API sends it, with whatever is wrong about it. */
export function sendAudio(fields: Readonly<Record<string, unknown>>): FakeStep {
  return sendRaw(({ responseId, itemId }: FakeIds) => ({
    type: 'response.output_audio.delta',
    response_id: responseId,
    item_id: itemId,
    output_index: 0,
    content_index: 0,
    ...fields,
  }));
}

/** Resets the TCP connection. */
export function reset(): FakeStep {
  return { do: 'cut', how: 'reset' };
}

/** Leaves the socket open and says nothing more: no events, no pongs, nothing is read. */
export function stall(): FakeStep {
  return { do: 'cut', how: 'stall' };
}

/** Closes the socket properly. */
export function closeWith(code: number, reason = ''): FakeStep {
  return { do: 'close', code, reason };
}

/** Ends the answer here with this status; `code` says why. */
export function endWith(status: FakeStatus, code?: string): FakeStep {
  return { do: 'end', status, ...(code === undefined ? {} : { code }) };
}
