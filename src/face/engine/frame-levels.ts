import { toDbfs } from '../../audio/pcm.ts';

/** What a frame's sound is measured as, in dBFS (never below -120). */
export interface FrameLevel {
  /** Root mean square of the whole frame. */
  readonly wholeDbfs: number;
  /**
   * The quietest third of the frame (11 ms) after pre-emphasis (s[n] - 0.95 s[n-1]): stops are silent there, and the
   * murmur of m and n, which is all low, nearly so.
   */
  readonly leastDbfs: number;
  /** The loudest third after pre-emphasis. */
  readonly mostDbfs: number;
}

/** What lies before the beginning and after what was heard. */
const NOTHING: FrameLevel = { wholeDbfs: -120, leastDbfs: -120, mostDbfs: -120 };

const THIRDS = 3;

/** The usual pre-emphasis of speech analysis: +6 dB per octave above some 130 Hz at 16 kHz. */
const PRE_EMPHASIS = 0.95;

/** Measures one frame of sound (16-bit, any rate). */
export function measureFrame(pcm: Int16Array): FrameLevel {
  if (pcm.length === 0) return NOTHING;
  let whole = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  let before = pcm[0] as number;
  let index = 0;
  for (let third = 1; third <= THIRDS; third += 1) {
    const end = Math.round((pcm.length * third) / THIRDS);
    const length = Math.max(1, end - index);
    let emphasised = 0;
    for (; index < end; index += 1) {
      const sample = pcm[index] as number;
      const difference = sample - PRE_EMPHASIS * before;
      whole += sample * sample;
      emphasised += difference * difference;
      before = sample;
    }
    least = Math.min(least, emphasised / length);
    most = Math.max(most, emphasised / length);
  }
  return {
    wholeDbfs: toDbfs(Math.sqrt(whole / pcm.length) / 32_768),
    leastDbfs: toDbfs(Math.sqrt(least) / 32_768),
    mostDbfs: toDbfs(Math.sqrt(most) / 32_768),
  };
}

/** The levels of a turn's frames by index; holds those from {@link dropBefore} on. */
export class FrameLevels {
  #levels: FrameLevel[] = [];
  #first = 0;

  /** Levels so far; also the index of the next. */
  get count(): number {
    return this.#first + this.#levels.length;
  }

  push(level: FrameLevel): void {
    this.#levels.push(level);
  }

  /** The level of a frame; silence where nothing was measured or it was dropped. */
  at(frame: number): FrameLevel {
    return this.#levels[frame - this.#first] ?? NOTHING;
  }

  /** Forgets the frames before this one, some at a time. */
  dropBefore(frame: number): void {
    const past = frame - this.#first;
    if (past < 64) return; // moving the list for each frame would cost more than it frees
    this.#levels = this.#levels.slice(past);
    this.#first += past;
  }
}
