import type { HeardFrame } from '../client/src/index.js';
import { closedBelow, type MouthCurves, mouthCurves } from './mouth-curves.js';

/** A frame that was heard, on the strip. */
export interface Moment extends MouthCurves {
  readonly turnId: string;
  /** Where it is in its turn (ms). */
  readonly offsetMs: number;
  /** Where it is on the strip, and how long it sounds (ms). */
  readonly startMs: number;
  readonly lengthMs: number;
  /** The least and the greatest sample (-1 to 1) of each of its parts. */
  readonly peaks: readonly { readonly low: number; readonly high: number }[];
  /** Loudness (dB of full scale); silence is -Infinity. */
  readonly levelDb: number;
}

/** Something that happened at a place of the strip. */
export interface StripMark {
  readonly kind: 'start' | 'end' | 'cut' | 'underrun';
  readonly turnId: string;
  readonly atMs: number;
}

/** The strip holds so much (ms). */
export const STRIP_MS = 6000;

/** The waveform of a frame is drawn in so many parts. */
const PARTS = 4;

/**
 * The last seconds that were heard, frame by frame, each with its sound and its face. Its time is that of the audio clock
 * while something sounds; silence between turns takes no room.
 */
export class HeardStrip {
  #moments: Moment[] = [];
  #marks: StripMark[] = [];
  #endMs = 0;
  #revision = 0;

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  get marks(): readonly StripMark[] {
    return this.#marks;
  }

  /** The newest place (ms). */
  get endMs(): number {
    return this.#endMs;
  }

  /** Another number whenever something has changed. */
  get revision(): number {
    return this.#revision;
  }

  /** Below this aperture lips count as closed, by what is on the strip. */
  get closedBelow(): number {
    return closedBelow(this.#moments.map(({ aperture }) => aperture));
  }

  /** A frame begins to be heard. */
  add({ turnId, offsetMs, pcm, sampleRate, weights }: HeardFrame): void {
    if (!follows(this.#moments.at(-1), { turnId, offsetMs })) this.#mark('start', turnId);
    const lengthMs = (1000 * pcm.length) / sampleRate;
    this.#moments.push({
      ...{ turnId, offsetMs, lengthMs, startMs: this.#endMs },
      ...{ peaks: peaksOf(pcm), levelDb: levelOf(pcm) },
      ...mouthCurves(weights),
    });
    this.#endMs += lengthMs;
    this.#forget();
  }

  /** Here a turn ran dry, was silent for a moment, and went on. */
  underran(turnId: string): void {
    this.#mark('underrun', turnId);
  }

  /** A turn is over; what was cut off of its last frame was not heard. */
  end(turnId: string, heardMs: number, cut: boolean): void {
    const last = this.#moments.at(-1);
    if (last?.turnId !== turnId) return;
    const lengthMs = Math.max(0, Math.min(last.lengthMs, heardMs - last.offsetMs));
    if (cut) {
      this.#moments[this.#moments.length - 1] = { ...last, lengthMs };
      this.#endMs = last.startMs + lengthMs;
    }
    this.#mark(cut ? 'cut' : 'end', turnId);
  }

  /** The frame at a place of the strip. */
  at(ms: number): Moment | undefined {
    return this.#moments.findLast(({ startMs }) => startMs <= ms);
  }

  #mark(kind: StripMark['kind'], turnId: string): void {
    this.#marks.push({ kind, turnId, atMs: this.#endMs });
    this.#forget();
  }

  #forget(): void {
    const fromMs = this.#endMs - STRIP_MS;
    this.#moments = this.#moments.filter(({ startMs, lengthMs }) => startMs + lengthMs > fromMs);
    this.#marks = this.#marks.filter(({ atMs }) => atMs >= fromMs);
    this.#revision += 1;
  }
}

/** Whether a frame goes on in the turn of the one before; a turn that is played once more does not. */
export function follows(
  before: Pick<Moment, 'turnId' | 'offsetMs'> | undefined,
  moment: Pick<Moment, 'turnId' | 'offsetMs'>,
): boolean {
  return before?.turnId === moment.turnId && before.offsetMs < moment.offsetMs;
}

function peaksOf(pcm: Int16Array): Moment['peaks'] {
  return Array.from({ length: PARTS }, (_, part) => {
    const from = Math.floor((part * pcm.length) / PARTS);
    const to = Math.floor(((part + 1) * pcm.length) / PARTS);
    let low = 0;
    let high = 0;
    for (let at = from; at < to; at += 1) {
      const sample = pcm[at] ?? 0;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    return { low: low / 32_768, high: high / 32_768 };
  });
}

function levelOf(pcm: Int16Array): number {
  const energy = pcm.reduce((sum, sample) => sum + sample * sample, 0);
  return 20 * Math.log10(Math.sqrt(energy / Math.max(1, pcm.length)) / 32_768);
}
