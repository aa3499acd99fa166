import type { Socket } from 'node:net';
import type { FunctionResponse, LiveClientMessage } from '@google/genai';
import type { WebSocket } from 'ws';
import type { Clock } from '../time/clock.ts';
import { checkSetup, type GeminiSetup } from './fake-gemini-setup.ts';
import type { GeminiStep, GeminiSteps } from './fake-gemini-steps.ts';

/** A conversation, which outlives its connections as long as they are resumed. */
export interface GeminiConversation {
  readonly number: number;
  /** What was typed and seeded in it, oldest first, on whatever connection. */
  readonly texts: string[];
}

/** What a {@link FakeGeminiConnection} asks of its server. */
export interface GeminiConnectionOptions {
  readonly number: number;
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly clock: Clock;
  /** Accepts a setup with the conversation it belongs to, refuses it, or never answers. */
  readonly onSetup: (
    setup: GeminiSetup,
  ) =>
    | { readonly conversation: GeminiConversation }
    | { readonly code: number; readonly reason: string }
    | 'silent';
  /** A handle that resumes the conversation. */
  readonly newHandle: () => string;
  readonly onText: (text: string) => GeminiSteps | undefined;
  readonly onAudio: (pcm: Int16Array) => GeminiSteps | undefined;
  readonly onToolResponse: (responses: readonly FunctionResponse[]) => GeminiSteps | undefined;
  /** Anything has changed: what waits may look again. */
  readonly onChange: () => void;
}

/** One connection to a {@link FakeGemini}: keeps what the client sent, and does what it is told. */
export class FakeGeminiConnection {
  /** Counted from 1, in the order in which they came. */
  readonly number: number;
  /** Every message of the client after the setup, as it came. */
  readonly received: LiveClientMessage[] = [];
  /** The setup it was opened with, once it has come. */
  setup: GeminiSetup | undefined;
  /** The conversation it belongs to, once it is set up. */
  conversation: GeminiConversation | undefined;
  /** The close code, once it is closed on both sides. */
  closedWith: number | undefined;
  readonly #options: GeminiConnectionOptions;
  #playing: AbortController | undefined;

  constructor(options: GeminiConnectionOptions) {
    this.number = options.number;
    this.#options = options;
    options.webSocket.on('message', (data) => this.#receive(String(data)));
    options.webSocket.on('error', () => undefined); // the close that follows says it all
    options.webSocket.on('close', (code) => {
      this.closedWith = code;
      this.#playing?.abort();
      options.onChange();
    });
  }

  /** All sound of the client so far: mono, 16 bits, at the rate its MIME type names. */
  get audio(): Int16Array {
    const pieces = this.received.flatMap(({ realtimeInput }) => realtimeInput?.audio?.data ?? []);
    return samples(Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))));
  }

  /** The MIME types of that sound, each once. */
  get audioTypes(): string[] {
    const types = this.received.flatMap(({ realtimeInput }) => realtimeInput?.audio?.mimeType ?? []);
    return [...new Set(types)];
  }

  /** Does these things one after the other; what was being done is given up. Resolves when done. Never rejects. */
  async play(steps: GeminiSteps): Promise<void> {
    this.#playing?.abort();
    const playing = new AbortController();
    this.#playing = playing;
    try {
      for (const step of flat(steps)) {
        if (playing.signal.aborted) return;
        await this.#do(step, playing.signal);
      }
    } catch (error) {
      if (!playing.signal.aborted) throw error;
    }
    if (this.#playing === playing) this.#playing = undefined;
  }

  /** Breaks the connection without a word. */
  reset(): void {
    this.#options.socket.resetAndDestroy();
  }

  async #do(step: GeminiStep, signal: AbortSignal): Promise<void> {
    const { webSocket, clock } = this.#options;
    switch (step.do) {
      case 'send':
        this.#send(step.message);
        if (step.message.serverContent?.turnComplete) this.#sendHandle();
        break;
      case 'sendRaw':
        webSocket.send(step.text);
        break;
      case 'pause':
        await clock.sleep(step.ms, signal);
        break;
      case 'stall':
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        break;
      case 'close':
        webSocket.close(step.code, step.reason);
        break;
      case 'reset':
        this.reset();
        break;
    }
  }

  #receive(text: string): void {
    let message: LiveClientMessage;
    try {
      message = JSON.parse(text) as LiveClientMessage;
    } catch {
      this.#options.webSocket.close(1007, 'Invalid JSON payload received.');
      return;
    }
    if (this.conversation === undefined) this.#open(message);
    else this.#take(message);
    this.#options.onChange();
  }

  #open(message: LiveClientMessage): void {
    const { webSocket, onSetup } = this.#options;
    const checked = checkSetup(message);
    if ('problem' in checked) {
      webSocket.close(1007, checked.problem.slice(0, 120));
      return;
    }
    this.setup = checked.setup;
    const answer = onSetup(checked.setup);
    if (answer === 'silent') return;
    if ('code' in answer) {
      webSocket.close(answer.code, answer.reason);
      return;
    }
    this.conversation = answer.conversation;
    this.#send({ setupComplete: {} });
  }

  #take(message: LiveClientMessage): void {
    this.received.push(message);
    const { clientContent, realtimeInput, toolResponse } = message;
    if (clientContent !== undefined) {
      const texts = (clientContent.turns ?? []).flatMap(
        ({ parts }) => parts?.flatMap((part) => part.text ?? []) ?? [],
      );
      this.#typed(texts, clientContent.turnComplete === true);
    } else if (realtimeInput?.text !== undefined) {
      this.#typed([realtimeInput.text], true);
    } else if (realtimeInput?.audio?.data !== undefined) {
      this.#answer(this.#options.onAudio(samples(Buffer.from(realtimeInput.audio.data, 'base64'))));
    } else if (toolResponse?.functionResponses !== undefined) {
      this.#answer(this.#options.onToolResponse(toolResponse.functionResponses));
    }
  }

  /** Whatever is added to the conversation interrupts what is being said. */
  #typed(texts: readonly string[], asks: boolean): void {
    if (this.#playing !== undefined) {
      this.#playing.abort();
      this.#playing = undefined;
      this.#send({ serverContent: { interrupted: true } });
      this.#send({ serverContent: { turnComplete: true } });
    }
    this.conversation?.texts.push(...texts);
    if (asks) this.#answer(this.#options.onText(texts.join('\n')));
  }

  #answer(steps: GeminiSteps | undefined): void {
    if (steps !== undefined) void this.play(steps);
  }

  #sendHandle(): void {
    if (this.setup?.sessionResumption === undefined) return;
    this.#send({ sessionResumptionUpdate: { newHandle: this.#options.newHandle(), resumable: true } });
  }

  #send(message: object): void {
    this.#options.webSocket.send(JSON.stringify(message));
  }
}

function flat(steps: GeminiSteps): GeminiStep[] {
  return steps.flatMap((step) => ('do' in step ? [step] : flat(step)));
}

function samples(bytes: Buffer): Int16Array {
  return new Int16Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 2))).buffer);
}
