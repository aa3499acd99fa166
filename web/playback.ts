import type { SyncFrameMessage } from './messages.js';
import { decodePcm } from './pcm.js';
import { mixWeights, type Weights } from './weights.js';

/** So many frames must have come before sound starts: what the network delays by less is not heard. */
const START_FRAMES = 3;

/** Sound starts this long after the decision to: the audio thread must have it in time. */
const START_DELAY_S = 0.02;

/** A cut-off voice fades out this fast (time constant), instead of clicking. */
const FADE_S = 0.006;

/** What is heard at a moment. */
export interface Heard {
  readonly turnId: string;
  /** How far into the turn. */
  readonly offsetMs: number;
  /** The face that belongs to it. */
  readonly weights: Weights;
}

interface Turn {
  readonly id: string;
  readonly sampleRate: number;
  readonly output: GainNode;
  /** Length of what has come of it so far. */
  lengthMs: number;
  /** All of it has come. */
  complete: boolean;
}

interface Piece {
  readonly turnId: string;
  readonly offsetMs: number;
  readonly weights: Weights;
  readonly source: AudioBufferSourceNode;
  readonly durationS: number;
}

interface ScheduledPiece extends Piece {
  /** On the audio clock. */
  readonly startS: number;
}

/**
 * Plays turns on the audio clock, slice after slice without a seam, and says which slice is being heard, so that the
 * face follows the sound and never a timer.
 */
export class Playback {
  #context: AudioContext | undefined;
  #preferredRate: number | undefined;
  #turn: Turn | undefined;
  /** Come, but not yet given a time. */
  #waiting: Piece[] = [];
  /** Being heard or about to be, in order. */
  #scheduled: ScheduledPiece[] = [];
  /** When, on the audio clock, all that is scheduled has sounded. */
  #freeAtS = 0;
  #lastHeard: { readonly turnId: string; readonly offsetMs: number } | undefined;

  /** Whether a turn is being played, or has begun to come. */
  get speaking(): boolean {
    return this.#scheduled.length > 0 || this.#waiting.length > 0 || this.#turn?.complete === false;
  }

  /** The rate (Hz) at which the server's sound comes; the output is opened at the same if it is not open yet. */
  set preferredRate(sampleRate: number) {
    this.#preferredRate = sampleRate;
  }

  /** Lets sound out. Browsers want this to come from a click or a key. */
  unlock(): void {
    if (this.#preferredRate === undefined) return;
    const context = this.#open(this.#preferredRate);
    // Refused before the first click or key; the next one asks again.
    if (context.state !== 'running') context.resume().catch(() => undefined);
  }

  /** A new turn begins. What has come of the one before is still played. */
  begin(turnId: string, sampleRate: number): void {
    const context = this.#open(sampleRate);
    const output = context.createGain();
    output.connect(context.destination);
    this.#turn = { id: turnId, sampleRate, output, lengthMs: 0, complete: false };
  }

  /** The next slice. Those of a turn that was cut off, or never begun, are dropped. */
  push({ turnId, audio, weights }: SyncFrameMessage): void {
    const turn = this.#turn;
    if (this.#context === undefined || turn?.id !== turnId) return;
    const samples = decodePcm(audio);
    if (samples.length === 0) return;
    const buffer = this.#context.createBuffer(1, samples.length, turn.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(turn.output);
    this.#waiting.push({ turnId, offsetMs: turn.lengthMs, weights, source, durationS: buffer.duration });
    turn.lengthMs += 1000 * buffer.duration;
    this.#schedule(this.#context);
  }

  /** All of the turn has come; without an id: nothing more will come, of whatever turn. */
  complete(turnId = this.#turn?.id): void {
    if (this.#turn === undefined || this.#turn.id !== turnId) return;
    this.#turn.complete = true;
    if (this.#context !== undefined) this.#schedule(this.#context);
  }

  /** Stops the turn that is coming, at once. Returns where, unless there is none (or it is another one). */
  cut(turnId = this.#turn?.id): { readonly turnId: string; readonly offsetMs: number } | undefined {
    const turn = this.#turn;
    if (this.#context === undefined || turn === undefined || turn.id !== turnId || !this.speaking)
      return undefined;
    this.heard();
    const offsetMs = this.#lastHeard?.turnId === turn.id ? this.#lastHeard.offsetMs : 0;
    turn.output.gain.setTargetAtTime(0, this.#context.currentTime, FADE_S);
    for (const { source } of this.#scheduled) source.stop(this.#context.currentTime + 10 * FADE_S);
    this.#scheduled = [];
    this.#waiting = [];
    this.#freeAtS = 0;
    this.#turn = undefined;
    return { turnId: turn.id, offsetMs };
  }

  /** What is being heard now; undefined in silence. Call it often: it also forgets what has sounded. */
  heard(): Heard | undefined {
    if (this.#context === undefined) return undefined;
    // Some browsers do not know how long their sound takes to the ear.
    const latencyS = this.#context.outputLatency || this.#context.baseLatency || 0;
    const nowS = this.#context.currentTime - latencyS;
    const current = this.#scheduled.findIndex(({ startS, durationS }) => nowS < startS + durationS);
    const sounded = this.#scheduled.splice(0, current === -1 ? this.#scheduled.length : current).at(-1);
    if (sounded !== undefined) {
      const offsetMs = sounded.offsetMs + 1000 * sounded.durationS;
      this.#lastHeard = { turnId: sounded.turnId, offsetMs };
    }
    const [piece, next] = this.#scheduled;
    if (piece === undefined || nowS < piece.startS) return undefined;
    const { turnId } = piece;
    const offsetMs = piece.offsetMs + 1000 * (nowS - piece.startS);
    this.#lastHeard = { turnId, offsetMs };
    const share = (nowS - piece.startS) / piece.durationS;
    return { turnId, offsetMs, weights: mixWeights(piece.weights, next?.weights ?? piece.weights, share) };
  }

  /** Gives all that waits its time: right after what is scheduled, or, from silence, once there is enough. */
  #schedule(context: AudioContext): void {
    if (this.#freeAtS <= context.currentTime) {
      if (this.#waiting.length < START_FRAMES && this.#turn?.complete !== true) return;
      // On a whole sample: slices that begin between two samples would be resampled, and crackle.
      this.#freeAtS =
        Math.ceil((context.currentTime + START_DELAY_S) * context.sampleRate) / context.sampleRate;
    }
    for (const piece of this.#waiting) {
      piece.source.start(this.#freeAtS);
      this.#scheduled.push({ ...piece, startS: this.#freeAtS });
      this.#freeAtS += piece.durationS;
    }
    this.#waiting = [];
  }

  #open(sampleRate: number): AudioContext {
    this.#context ??= new AudioContext({ sampleRate, latencyHint: 'interactive' });
    return this.#context;
  }
}
