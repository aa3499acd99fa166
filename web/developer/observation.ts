import type { AvatarChat, FaultKind, ServerMessage, WireData } from '../client/src/index.js';
import { HeardStrip } from './heard-strip.js';
import { MessageLog } from './message-log.js';
import { Recorder } from './recorder.js';
import type { Recording } from './recording.js';
import { RoundTrips } from './round-trips.js';
import { TurnBook } from './turn-book.js';
import { typeOf } from './wire-text.js';

/** Where a server has not said its rates (Hz), it means this. */
const USUAL_RATE = 24_000;

/** Watches a conversation, from the moment it is made until it is disposed of, and keeps what it saw within bounds. */
export class Observation {
  readonly log = new MessageLog();
  readonly turns = new TurnBook();
  readonly roundTrips = new RoundTrips();
  readonly strip = new HeardStrip();
  readonly #faults = new Map<FaultKind, number>();
  readonly #chat: AvatarChat;
  readonly #nowMs: () => number;
  readonly #unsubscribe: readonly (() => void)[];
  #recorder: Recorder | undefined;
  /** The answer that is coming: how it was begun, and its rate. */
  #coming: { readonly turnId: string; readonly start: string; readonly sampleRate: number } | undefined;
  /** The message that is being looked at, as it came. */
  #received = '';
  /** How much sound lay ready just before the message that is being looked at (ms). */
  #leadMs = 0;

  /** @param nowMs a clock that never goes back. */
  constructor(chat: AvatarChat, nowMs: () => number) {
    this.#chat = chat;
    this.#nowMs = nowMs;
    this.#unsubscribe = [
      chat.on('wire', (wire) => this.#onWire(wire)),
      chat.on('message', (message) => this.#onMessage(message)),
      chat.on('frame', (frame) => {
        this.strip.add(frame);
        this.turns.heard(frame.turnId, frame.offsetMs, nowMs());
        this.#recorder?.heard(frame.turnId, nowMs());
      }),
      chat.on('underrun', ({ turnId }) => {
        this.strip.underran(turnId);
        this.turns.underran(turnId);
        this.#recorder?.note({ kind: 'underrun', turnId }, nowMs());
      }),
      chat.on('turnEnd', ({ turnId, heardMs, cut }) => {
        this.strip.end(turnId, heardMs, cut);
        this.turns.ended(turnId, heardMs, cut);
        this.#recorder?.note({ kind: cut ? 'cut' : 'ended', turnId, heardMs }, nowMs());
      }),
      chat.on('fault', ({ kind }) => void this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1)),
      chat.on('state', ({ kind }) => {
        if (kind === 'online') return;
        this.roundTrips.lose();
        this.#coming = undefined;
      }),
    ];
  }

  /** How often each kind of fault has happened. */
  get faults(): ReadonlyMap<FaultKind, number> {
    return this.#faults;
  }

  /** What is being recorded. */
  get recorder(): Recorder | undefined {
    return this.#recorder;
  }

  /** Begins to record. */
  record(): void {
    const { state } = this.#chat;
    const rates =
      state.kind === 'online' ? state : { inputSampleRate: USUAL_RATE, outputSampleRate: USUAL_RATE };
    this.#recorder = new Recorder({
      nowMs: this.#nowMs(),
      date: new Date(),
      inputSampleRate: rates.inputSampleRate,
      outputSampleRate: rates.outputSampleRate,
      running: this.#coming?.start,
    });
  }

  /** Ends it. @returns what was recorded; undefined if nothing was being recorded. */
  finish(): Recording | undefined {
    const recording = this.#recorder?.recording(this.#nowMs());
    this.#recorder = undefined;
    return recording;
  }

  /** Looks away. */
  dispose(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#recorder = undefined;
  }

  /** Before the client library looks at it. */
  #onWire({ direction, data }: WireData): void {
    const nowMs = this.#nowMs();
    this.log.add(direction, data, nowMs);
    this.#recorder?.add(direction, data, nowMs);
    if (direction === 'received') {
      this.#leadMs = this.#chat.player.aheadMs;
      if (typeof data === 'string') this.#received = data;
      return;
    }
    const type = typeOf(data);
    if (type === 'text') this.turns.asked('text', nowMs);
    if (type === 'audio_stream_end') this.turns.asked('speech_end', nowMs);
    if (type === 'ping') this.roundTrips.asked(nowMs);
  }

  /** After the client library has taken it. */
  #onMessage(message: ServerMessage): void {
    const nowMs = this.#nowMs();
    switch (message.type) {
      case 'audio_start':
        this.#coming = { turnId: message.turnId, start: this.#received, sampleRate: message.sampleRate };
        this.turns.began(message.turnId);
        break;
      case 'sync_frame': {
        const frameMs = (1000 * message.pcm.length) / (this.#coming?.sampleRate ?? USUAL_RATE);
        this.turns.arrived(message.turnId, message.frameIndex, frameMs, this.#leadMs, nowMs);
        break;
      }
      case 'audio_end':
      case 'interrupt':
        if (this.#coming?.turnId === message.turnId) this.#coming = undefined;
        this.turns.complete(message.turnId);
        break;
      case 'transcript_done':
        if (message.role === 'user') this.turns.asked('echo', nowMs);
        break;
      case 'pong':
        this.roundTrips.answered(nowMs);
        break;
    }
  }
}
