import type { WebSocket } from 'ws';
import type { Received } from './session.ts';
import { type Visit, visit } from './visit.ts';

/** What unruly-agent-module.ts speaks: 24 kHz, a frame is a 30th of a second. */
const FRAMES_A_SECOND = 30;
const SECOND = Buffer.from(Int16Array.from({ length: 24_000 }, (_, at) => 8000 * Math.sin(at / 20)).buffer);

/** When somebody whom nobody answered comes again. */
const TRY_AGAIN_MS = 200;

/** One answer that was asked for. */
export interface Answer {
  readonly sessionId: string;
  /** `broken`: it had begun, and the socket closed before its end. */
  readonly outcome: 'whole' | 'broken' | 'damaged';
  /** When each of its frames came (performance.now). */
  readonly frameTimes: readonly number[];
}

/**
 * A client in conversation, as a good one behaves: it asks for one answer of some seconds after the other, comes again when
 * it is sent away or refused, and asks again what no answer had begun to. Everything it went through can be read.
 */
export class Speaker {
  readonly answers: Answer[] = [];
  /** Codes with which its sockets were closed. */
  readonly closes: number[] = [];
  /** Codes of refusals. */
  readonly refusals: string[] = [];
  /** Connections that came to nothing. */
  readonly failures: string[] = [];
  /** The answer that is being spoken. */
  current: { readonly sessionId: string; readonly frames: number } | undefined;
  readonly #visit: Visit;
  readonly #seconds: number;
  #isDone = false;
  #running: Promise<void> | undefined;

  constructor(who: Visit, seconds: number) {
    this.#visit = who;
    this.#seconds = seconds;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the running answer is over and the socket closed. */
  async finish(): Promise<void> {
    this.#isDone = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isDone) {
      const socket = await this.#connect();
      if (socket === undefined) return;
      const closed = new Promise<number>((resolve) => socket.once('close', resolve));
      while (!this.#isDone && socket.readyState === socket.OPEN) await this.#ask(socket);
      socket.close();
      this.closes.push(await closed);
    }
  }

  async #connect(): Promise<WebSocket | undefined> {
    while (!this.#isDone) {
      const welcome = await visit(this.#visit);
      if (welcome.outcome === 'in') return welcome.socket;
      if (welcome.outcome === 'refused') this.refusals.push(welcome.code);
      else this.failures.push(welcome.how);
      const waitMs = welcome.outcome === 'refused' ? welcome.retryAfterMs : TRY_AGAIN_MS;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    return undefined;
  }

  /** Resolves when the answer has ended, whole or not, or the socket is closed. */
  async #ask(socket: WebSocket): Promise<void> {
    const frames: Received[] = [];
    const frameTimes: number[] = [];
    const { promise: over, resolve: end } = Promise.withResolvers<'ended' | 'closed'>();
    const hear = (data: unknown) => {
      const message = JSON.parse(String(data)) as Received;
      if (message.type === 'audio_start')
        this.current = { sessionId: String(message['sessionId']), frames: 0 };
      if (message.type === 'audio_end') end('ended');
      if (message.type !== 'sync_frame') return;
      frames.push(message);
      frameTimes.push(performance.now());
      this.current = { sessionId: String(message['sessionId']), frames: frames.length };
    };
    const close = () => end('closed');
    socket.on('message', hear).on('close', close);
    socket.send(JSON.stringify({ type: 'text', data: `speak ${this.#seconds}` }));
    const how = await over;
    socket.off('message', hear).off('close', close);
    const { current } = this;
    this.current = undefined;
    if (current === undefined) return; // closed between two answers
    const outcome = how === 'closed' ? 'broken' : this.#isWhole(frames) ? 'whole' : 'damaged';
    this.answers.push({ sessionId: current.sessionId, outcome, frameTimes });
  }

  /** Every frame, in order, and in them every sample that the agent made. */
  #isWhole(frames: readonly Received[]): boolean {
    const inOrder = frames.every((frame, index) => frame['frameIndex'] === index && frame['filler'] !== true);
    const sound = Buffer.concat(frames.map((frame) => Buffer.from(String(frame['audio']), 'base64')));
    const made = Buffer.concat(Array.from({ length: this.#seconds }, () => SECOND));
    return inOrder && frames.length === this.#seconds * FRAMES_A_SECOND && sound.equals(made);
  }
}
