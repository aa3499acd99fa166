import type { Socket, SocketClass } from '../client/src/index.js';
import type { RecordedMessage, Recording } from './recording.js';
import { typeOf } from './wire-text.js';

/** Closed for good: the client library does not connect again after it (idle, docs/client.md). */
const REST = 4409;

const OPEN = 1;
const CLOSED = 3;

/** What a {@link replaySocket} tells. */
export interface ReplayListener {
  /** The client had sent this at this moment. */
  onSent(type: string): void;
  /** Everything has been said. */
  onEnd(): void;
}

type Listening =
  | [type: 'open' | 'error', tell: () => void]
  | [type: 'message', tell: (event: { readonly data: unknown }) => void]
  | [type: 'close', tell: (event: { readonly code: number }) => void];

/** A WebSocket class whose server is a recording: it says what was said, at the times at which it was said. */
export function replaySocket(recording: Recording, listener: ReplayListener): SocketClass {
  return class implements Socket {
    binaryType = 'arraybuffer';
    readonly bufferedAmount = 0;
    readyState: number = OPEN;
    readonly #messages = begunWithConfig(recording);
    readonly #startMs = performance.now();
    #onMessage: (event: { readonly data: unknown }) => void = () => undefined;
    #onClose: (event: { readonly code: number }) => void = () => undefined;
    #said = 0;
    #timer = setTimeout(() => this.#sayDue(), 0);

    addEventListener(...[type, tell]: Listening): void {
      if (type === 'message') this.#onMessage = tell;
      if (type === 'close') this.#onClose = tell;
    }

    /** Who asks for a sign of life gets one; nothing else is answered. */
    send(text: string): void {
      if (typeOf(text) === 'ping') queueMicrotask(() => this.#say({ type: 'pong' }));
    }

    close(): void {
      clearTimeout(this.#timer);
      this.readyState = CLOSED;
    }

    #sayDue(): void {
      const nowMs = performance.now() - this.#startMs;
      for (;;) {
        if (this.readyState !== OPEN) return; // a listener has closed it
        const next = this.#messages[this.#said];
        if (next === undefined) break;
        if (next.atMs > nowMs) {
          this.#timer = setTimeout(() => this.#sayDue(), next.atMs - nowMs);
          return;
        }
        this.#said += 1;
        if (next.direction === 'sent') listener.onSent(typeOf(next.data));
        else this.#onMessage({ data: next.data });
      }
      this.readyState = CLOSED;
      this.#onClose({ code: REST });
      listener.onEnd();
    }

    #say(message: object): void {
      if (this.readyState === OPEN) this.#onMessage({ data: JSON.stringify(message) });
    }
  };
}

/** The messages from the first answer's beginning on, after the rates a server names first. */
function begunWithConfig({ messages, inputSampleRate, outputSampleRate }: Recording): RecordedMessage[] {
  const first = messages.findIndex(
    ({ direction, data }) => direction === 'received' && typeOf(data) === 'audio_start',
  );
  const told = first === -1 ? [] : messages.slice(first);
  const startMs = told[0]?.atMs ?? 0;
  const audio = { inputSampleRate, outputSampleRate };
  const config = { atMs: 0, direction: 'received', data: JSON.stringify({ type: 'config', audio }) } as const;
  return [config, ...told.map((message) => ({ ...message, atMs: message.atMs - startMs }))];
}
