import { frameStart } from '../audio/pcm.ts';
import type { Clock } from '../time/clock.ts';
import { Pacer, START_FRAMES } from '../time/pacer.ts';
import { Wakeup } from '../time/wakeup.ts';
import type { FaceTrack, ShownFace } from './face-track.ts';
import { Fillers } from './fillers.ts';
import type { FrameFace, FrameTiming, PlayoutFrame } from './frame-kinds.ts';
import type { TurnSound } from './turn-sound.ts';

/**
 * Sound is handed to the face this far ahead of its sending: enough for the face model to take as many new frames as fit
 * its window each time (it takes half of what is ahead of playback).
 */
const FACE_HORIZON_MS = 3000;

/** How long the first frames of a turn wait for their face, once their sound is there. */
const FIRST_FACE_PATIENCE_MS = 40;

/** A frame goes out this long before the client runs dry, with or without its face, with or without sound. */
const DRY_MARGIN_MS = 50;

/** A frame that goes out this long after it could have is late: its schedule had come, and its sound was there. */
const LATE_AFTER_MS = 50;

/** A turn whose next sound is missing for this long before the client has enough to play begins with silence. */
const START_PATIENCE_MS = 500;

/** Silence is filled in for this long, unless the agent has a reason for it; then the agent has failed. */
const MAX_STALL_MS = 15_000;

/** What a {@link Playout} plays, and how. */
export interface PlayoutOptions {
  readonly sound: TurnSound;
  readonly face: FaceTrack;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hz on the wire. */
  readonly sampleRate: number;
  readonly fps: number;
  readonly leadMs: number;
  readonly onFrame: (frame: PlayoutFrame) => void;
  /** How far the client is known to be behind in its reading, in milliseconds. */
  readonly lagMs: () => number;
  /** Whether the client is so far behind in its reading that frames wait; {@link Playout.notify} when that ends. */
  readonly congested: () => boolean;
  /** Whether the agent has a reason to be silent in the middle of its answer: a tool runs. */
  readonly mayPause: () => boolean;
  /** The agent's sound has run out in the middle of its answer; silence follows. */
  readonly onUnderrun: () => void;
  /** The agent has gone silent in the middle of its answer for so long that the turn ends here. */
  readonly onStall: () => void;
}

type Step =
  | { readonly kind: 'send' }
  | { readonly kind: 'fill' }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'done' };

const HELD: Step = { kind: 'wait', untilMs: Number.POSITIVE_INFINITY };

/**
 * Sends one turn: cuts its sound into frames, pairs each with its face, and lets it go when the schedule says so. The
 * sound waits for nobody: a late face is replaced, a gap in the agent's sound is filled with silence, so that the client
 * never runs dry inside a turn.
 */
export class Playout {
  readonly #options: PlayoutOptions;
  readonly #pacer: Pacer;
  readonly #wakeup: Wakeup;
  readonly #frameMs: number;
  /** Frames of sound sent; the pacer counts fillers too. */
  #soundFrames = 0;
  readonly #fillers: Fillers;
  /** Samples sent, fillers and all. */
  #samplesSent = 0;
  /** Since when the next frame's sound has been there. */
  #soundReadyAt: number | undefined;

  constructor(options: PlayoutOptions) {
    this.#options = options;
    this.#pacer = new Pacer({ fps: options.fps, leadMs: options.leadMs });
    this.#wakeup = new Wakeup(options.clock, options.signal);
    this.#frameMs = 1000 / options.fps;
    this.#fillers = new Fillers(this.#frameMs);
  }

  /** Milliseconds of silence filled in so far: how much later than in the turn's sound something is heard. */
  get fillerMs(): number {
    return this.#fillers.ms;
  }

  /** Milliseconds of playback (fillers included) that the client can have heard by now. */
  get playedMs(): number {
    return this.#pacer.playedMs(this.#options.clock.now(), this.#options.lagMs());
  }

  /** The client says how many milliseconds it has played. */
  reportPlayed(playedMs: number): void {
    this.#pacer.reported(playedMs, this.#options.clock.now());
  }

  /** Milliseconds of the turn's own sound within the first `playedMs` of playback. */
  soundMsWithin(playedMs: number): number {
    return Math.max(0, playedMs - this.#fillers.msWithin(playedMs));
  }

  /** When the face of sound frame `index` is needed; infinite before the client plays. */
  faceDueAt(index: number): number {
    if (this.#pacer.sent >= START_FRAMES) {
      return this.#pacer.runsDryAt() - DRY_MARGIN_MS + (index - this.#soundFrames) * this.#frameMs;
    }
    if (this.#soundReadyAt === undefined) return Number.POSITIVE_INFINITY;
    return this.#soundReadyAt + FIRST_FACE_PATIENCE_MS + (index - this.#soundFrames) * this.#frameMs;
  }

  /** Sound, a face, or the end has come: look again. */
  notify(): void {
    this.#wakeup.wake();
  }

  /** Sends until the sound is out or the signal aborts; never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const step = this.#unlessHeld(this.#next(this.#options.clock.now()));
      switch (step.kind) {
        case 'send':
          this.#sendSound();
          break;
        case 'fill':
          this.#sendFiller();
          break;
        case 'wait':
          await this.#wakeup.sleep(step.untilMs);
          break;
        case 'done':
          return;
      }
    }
  }

  /** Sleeps until the client has played everything sent, or the signal aborts. */
  async playedOut(): Promise<void> {
    const { clock, signal, lagMs } = this.#options;
    const untilMs = this.#pacer.playedOutAt(clock.now()) + lagMs();
    while (!signal.aborted && clock.now() < untilMs) await this.#wakeup.sleep(untilMs);
  }

  /** Nothing is made before it can go: what is held stays in the turn's sound, in order, and ends with the turn. */
  #unlessHeld(step: Step): Step {
    const makesFrame = step.kind === 'send' || step.kind === 'fill';
    return makesFrame && this.#options.congested() ? HELD : step;
  }

  #next(nowMs: number): Step {
    const { sound, face } = this.#options;
    const ready = sound.prepare((this.#options.sampleRate * FACE_HORIZON_MS) / 1000);
    if (ready === 0 && sound.ended) {
      const enough = this.#pacer.sent === 0 || this.#pacer.sent >= START_FRAMES;
      return enough ? { kind: 'done' } : this.#atSendTime(nowMs, { kind: 'fill' });
    }
    if (ready < this.#sliceLength() && !sound.ended) return this.#withoutSound(nowMs);
    this.#soundReadyAt ??= nowMs;
    const faceDeadline = Math.min(
      this.#pacer.runsDryAt() - DRY_MARGIN_MS,
      this.#pacer.sent < START_FRAMES
        ? this.#soundReadyAt + FIRST_FACE_PATIENCE_MS
        : Number.POSITIVE_INFINITY,
    );
    if (!face.settled(this.#soundFrames) && nowMs < faceDeadline)
      return { kind: 'wait', untilMs: faceDeadline };
    return this.#atSendTime(nowMs, { kind: 'send' });
  }

  /** Nothing to send yet: silence, before the client runs dry, or so that it begins at all. */
  #withoutSound(nowMs: number): Step {
    const missingSince = this.#fillers.missingSince(nowMs);
    const plays = this.#pacer.sent >= START_FRAMES;
    const fillAt = plays ? this.#pacer.runsDryAt() - DRY_MARGIN_MS : missingSince + START_PATIENCE_MS;
    return nowMs < fillAt ? { kind: 'wait', untilMs: fillAt } : this.#atSendTime(nowMs, { kind: 'fill' });
  }

  #atSendTime(nowMs: number, step: Step): Step {
    const sendAt = this.#pacer.nextSendAt(nowMs);
    return nowMs < sendAt ? { kind: 'wait', untilMs: sendAt } : step;
  }

  /** Samples of the next frame of sound: frames tile the turn's sound exactly. */
  #sliceLength(): number {
    const { sampleRate, fps } = this.#options;
    const start = frameStart(this.#soundFrames, sampleRate, fps);
    return frameStart(this.#soundFrames + 1, sampleRate, fps) - start;
  }

  #sendSound(): void {
    const { sound, face } = this.#options;
    const length = this.#sliceLength();
    const pcm = sound.take(length);
    const shown = face.take(this.#soundFrames);
    this.#send(shown, pcm.length === length ? pcm : padded(pcm, length), face.shown);
    this.#soundFrames += 1;
    this.#fillers.soundSent();
    this.#soundReadyAt = undefined;
  }

  #sendFiller(): void {
    const { sound, face, sampleRate, fps } = this.#options;
    const { sent } = this.#pacer;
    const isFirst = this.#fillers.add(sent, this.#options.mayPause());
    if (isFirst && !sound.ended) this.#options.onUnderrun();
    // Up to where the next frame begins, so that sound and schedule stay together however long the silence.
    const length = frameStart(sent + 1, sampleRate, fps) - this.#samplesSent;
    this.#send(face.relax(), new Int16Array(length), 'filler');
    if (this.#fillers.unexcusedMs < MAX_STALL_MS || sound.ended) return;
    sound.end();
    this.#options.onStall();
  }

  #send({ weights, visemes }: ShownFace, pcm: Int16Array, face: FrameFace): void {
    const frameIndex = this.#pacer.sent;
    const nowMs = this.#options.clock.now();
    const timing = this.#timing(nowMs);
    this.#pacer.frameSent(nowMs);
    this.#samplesSent += pcm.length;
    const soundMs = this.#soundFrames * this.#frameMs;
    const filler = face === 'filler';
    this.#options.onFrame({ frameIndex, weights, visemes, pcm, filler, timing, face, soundMs });
  }

  #timing(nowMs: number): FrameTiming {
    if (nowMs > this.#pacer.runsDryAt()) return 'dry';
    const couldGoAt = Math.max(this.#pacer.nextSendAt(nowMs), this.#soundReadyAt ?? nowMs);
    return nowMs - couldGoAt > LATE_AFTER_MS ? 'late' : 'on_time';
  }
}

/** Only the last frame of a turn is shorter than its slot. */
function padded(pcm: Int16Array, length: number): Int16Array {
  const slot = new Int16Array(length);
  slot.set(pcm);
  return slot;
}
