import { Resampler } from '../resampler.ts';
import type { TellFault } from '../wire/fault.ts';
import type { Frame } from '../wire/messages.ts';
import { type Heard, heardAt, heardFrame, type PlayerListener, type TurnEnd } from './heard.ts';
import type { Output, Voice } from './output.ts';
import { type Placed, Schedule } from './schedule.ts';
import { StartDepth } from './start-depth.ts';
import { type Piece, TurnSound } from './turn-sound.ts';

/** From silence, sound starts this long after the decision to (s), over what the output makes at a time. */
const START_DELAY_S = 0.012;

/** What follows without a seam must be there this long before (s), over the same: a block of 128 samples at 24 kHz, and some. */
const GUARD_S = 0.006;

/** A server may let a turn sound on until where it believes the client to be, but no longer than this. */
const LONGEST_AFTERLIFE_MS = 80;

/** More sound than this (s) is not held. */
const MOST_AHEAD_S = 600;

/** The pauses between looks at the clock while something sounds (ms). */
const SHORTEST_LOOK_MS = 4;
const LONGEST_LOOK_MS = 60;

interface Turn {
  readonly id: string;
  readonly sampleRate: number;
  readonly sound: TurnSound;
  readonly voice: Voice;
  complete: boolean;
}

/** Plays turns on an output's clock, and says what is being heard: sound decides, the face follows. */
export class Player {
  readonly #makeOutput: (sampleRate: number) => Output;
  readonly #listener: PlayerListener;
  readonly #fault: TellFault;
  readonly #depth = new StartDepth();
  #output: Output | undefined;
  #schedule: Schedule<Piece> | undefined;
  /** Those that still sound or come; the last one is the one that comes. */
  #turns: Turn[] = [];
  #resampler: Resampler | undefined;
  /** The ear's time. It never goes back, even if the browser's idea of its latency changes. */
  #ear = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param makeOutput is called once, when there is something to play or the page is clicked. */
  constructor(makeOutput: (sampleRate: number) => Output, listener: PlayerListener, fault: TellFault) {
    this.#makeOutput = makeOutput;
    this.#listener = listener;
    this.#fault = fault;
  }

  /** Whether a turn is being played, or has begun to come. */
  get speaking(): boolean {
    return this.#turns.length > 0;
  }

  /** The turn that comes, or came last and still sounds. */
  get turnId(): string | undefined {
    return this.#turns.at(-1)?.id;
  }

  /** How often a turn ran dry and went on. */
  get underruns(): number {
    return this.#schedule?.underruns ?? 0;
  }

  /** How much sound is there ahead of the ear (ms). */
  get aheadMs(): number {
    if (this.#output === undefined || this.#schedule === undefined) return 0;
    return (1000 * this.#schedule.ahead(this.#now())) / this.#output.sampleRate;
  }

  /** How many frames must be there before sound starts. */
  get startFrames(): number {
    return this.#depth.frames;
  }

  /** Lets sound out; call it in a click's or a key's handler. Resolves with whether sound runs. */
  async unlock(sampleRate: number): Promise<boolean> {
    const output = this.#open(sampleRate);
    if (!output.running) await output.resume().catch(() => undefined);
    return output.running;
  }

  /** A turn begins. What has come of the one before is played first. */
  begin(turnId: string, sampleRate: number): void {
    const output = this.#open(sampleRate);
    this.complete();
    if (!output.running) output.resume().catch(() => undefined); // refused before the first click or key
    this.#depth.begin();
    this.#turns.push({
      id: turnId,
      sampleRate,
      sound: new TurnSound(this.#resamplerFor(sampleRate, output.sampleRate), this.#fault),
      voice: output.voice(),
      complete: false,
    });
    this.#play(this.#schedule?.begin(turnId, this.#now()) ?? []);
    this.#look();
  }

  /** The next frame of the turn that comes; those of another are told as faults. */
  push(frame: Frame): void {
    const turn = this.#turns.at(-1);
    if (turn?.id !== frame.turnId || turn.complete) {
      this.#fault('wrong_turn', `frame of ${frame.turnId}`);
      return;
    }
    this.#depth.arrived((1000 * frame.pcm.length) / turn.sampleRate, performance.now());
    for (const piece of turn.sound.take(frame)) this.#add(piece);
    this.#look();
  }

  /** Nothing more comes in this turn (or in whatever turn comes): what is there is played to its end. */
  complete(turnId = this.turnId): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined || turn.id !== turnId || turn.complete) return;
    for (const piece of turn.sound.end()) this.#add(piece);
    turn.complete = true;
    this.#play(this.#schedule?.complete(this.#now()) ?? []);
    this.#look();
  }

  /**
   * Stops a turn, and those before it.
   *
   * @param offsetMs how much of it the server believes heard: it sounds on until there, unless that is far away.
   * Undefined: it stops now.
   * @returns where it stopped; undefined if there is no such turn.
   */
  cut(turnId = this.turnId, offsetMs?: number): TurnEnd | undefined {
    this.#advance(); // it may have ended since the last look
    const turn = this.#turns.find(({ id }) => id === turnId);
    const output = this.#output;
    const schedule = this.#schedule;
    if (turn === undefined || output === undefined || schedule === undefined) return undefined;
    for (const before of this.#turns.slice(0, this.#turns.indexOf(turn))) this.#stop(before, this.#now());
    const nowMs = (1000 * schedule.sounded(turn.id, this.#now())) / output.sampleRate;
    const onMs = Math.max(0, Math.min(LONGEST_AFTERLIFE_MS, (offsetMs ?? 0) - nowMs));
    const end = this.#stop(turn, this.#now() + (onMs / 1000) * output.sampleRate);
    this.#look();
    return end;
  }

  /**
   * What is being heard now; undefined in silence. For a renderer that asks once a picture.
   *
   * @param aheadMs what will be heard in so many milliseconds instead: how long a picture takes to the eye. Where that
   * has not come yet, it is what is heard now.
   */
  heard(aheadMs = 0): Heard | undefined {
    this.#advance();
    const { sampleRate } = this.#output ?? {};
    const now = this.#schedule?.at(this.#ear);
    if (now === undefined || sampleRate === undefined) return undefined;
    const ahead = this.#schedule?.at(this.#ear + (aheadMs / 1000) * sampleRate);
    return heardAt(ahead ?? now, sampleRate);
  }

  /** Stops everything and lets the loudspeaker go; the player can be used again. */
  close(): void {
    clearTimeout(this.#timer);
    for (const turn of [...this.#turns]) this.#stop(turn, this.#now());
    this.#output?.close();
    this.#output = undefined;
    this.#schedule = undefined;
    this.#ear = Number.NEGATIVE_INFINITY;
  }

  #open(sampleRate: number): Output {
    if (this.#output !== undefined) return this.#output;
    const output = this.#makeOutput(sampleRate);
    this.#output = output;
    this.#schedule = new Schedule({
      startDelay: output.block + Math.ceil(START_DELAY_S * output.sampleRate),
      guard: output.block + Math.ceil(GUARD_S * output.sampleRate),
    });
    output.onChange(() => {
      if (output !== this.#output) return;
      this.#listener.onLocked(!output.running);
      this.#look();
    });
    if (!output.running) this.#listener.onLocked(true);
    return output;
  }

  #resamplerFor(from: number, to: number): Resampler | undefined {
    if (from === to) return undefined;
    if (this.#resampler?.converts(from, to) !== true) this.#resampler = new Resampler(from, to);
    this.#resampler.restart();
    return this.#resampler;
  }

  #add(piece: Piece): void {
    const schedule = this.#schedule;
    if (schedule === undefined || this.#output === undefined) return;
    if (schedule.ahead(this.#now()) > MOST_AHEAD_S * this.#output.sampleRate) {
      this.#fault('overflow', piece.frame.turnId);
      return;
    }
    const before = schedule.underruns;
    this.#play(schedule.add(piece, piece.samples.length, this.#depth.frames, this.#now()));
    if (schedule.underruns === before) return;
    this.#depth.underran();
    this.#listener.onUnderrun(piece.frame.turnId, schedule.underruns);
  }

  #play(placed: readonly Placed<Piece>[]): void {
    for (const { turnId, content, startAt, from } of placed) {
      const turn = this.#turns.find(({ id }) => id === turnId);
      turn?.voice.play(content.samples, startAt, from === 'underrun');
    }
  }

  #stop(turn: Turn, at: number): TurnEnd {
    const samples = this.#schedule?.cut(turn.id, at) ?? 0;
    turn.voice.stop(at);
    turn.complete = true;
    const heardMs = (1000 * samples) / (this.#output?.sampleRate ?? 1);
    const end = { turnId: turn.id, heardMs, cut: true };
    this.#turns = this.#turns.filter((other) => other !== turn);
    this.#listener.onProgress(turn.id, heardMs);
    this.#listener.onTurnEnd(end);
    return end;
  }

  #now(): number {
    return this.#output?.now() ?? 0;
  }

  /** Tells all that has been heard since the last time. */
  #advance(): void {
    const output = this.#output;
    const schedule = this.#schedule;
    if (output === undefined || schedule === undefined) return;
    this.#ear = Math.max(this.#ear, output.now() - output.latency());
    const toMs = 1000 / output.sampleRate;
    for (const { turnId, content, offset } of schedule.started(this.#ear)) {
      const turn = this.#turns.find(({ id }) => id === turnId);
      if (turn === undefined || content.rest) continue; // a listener has just cut it
      this.#listener.onFrame(heardFrame(content.frame, offset * toMs, turn.sampleRate));
    }
    const sounding = schedule.at(this.#ear)?.piece.turnId;
    if (sounding !== undefined) {
      this.#listener.onProgress(sounding, schedule.sounded(sounding, this.#ear) * toMs);
    }
    const ended = this.#turns.filter(({ id, complete }) => complete && schedule.endsBy(id, this.#ear));
    for (const turn of ended) {
      const heardMs = schedule.sounded(turn.id, this.#ear) * toMs;
      this.#turns = this.#turns.filter((other) => other !== turn);
      this.#listener.onProgress(turn.id, heardMs);
      this.#listener.onTurnEnd({ turnId: turn.id, heardMs, cut: false });
    }
    schedule.forget(this.#ear);
  }

  /** Looks now, and again when the next frame begins to be heard. */
  #look(): void {
    clearTimeout(this.#timer);
    this.#advance();
    const { running, sampleRate } = this.#output ?? { running: false, sampleRate: 1 };
    if (this.#turns.length === 0 || !running) return;
    const next = this.#schedule?.nextStart;
    const untilMs = next === undefined ? LONGEST_LOOK_MS : (1000 * (next - this.#ear)) / sampleRate;
    const waitMs = Math.max(SHORTEST_LOOK_MS, Math.min(LONGEST_LOOK_MS, untilMs));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), waitMs);
  }
}
