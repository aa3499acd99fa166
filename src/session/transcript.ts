import { VoicedTime } from './voiced-time.ts';
import { type Word, WordCutter } from './words.ts';

/** A word with its place in the turn's sound, in milliseconds from the turn's first sample. */
export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A character of the text whose moment in the sound is known. */
interface Anchor {
  readonly at: number;
  readonly soundMs: number;
}

/**
 * The words of one turn and when each is spoken. Times come from the sound: the text between two known moments is
 * spread over the voiced stretches between them. Known moments are the turn's start, those the agent names, the words
 * already sent, and, once the turn is complete, its end; before that a rate of characters per second stands in.
 */
export class Transcript {
  readonly #msPerChar: number;
  readonly #cutter = new WordCutter();
  readonly #voiced: VoicedTime;
  #waiting: Word[] = [];
  readonly #sent: TimedWord[] = [];
  /** Moments the agent named, in order; so many of them lie before the last word sent. */
  readonly #hints: Anchor[] = [];
  #hintsPassed = 0;
  #last: Anchor | undefined;
  #ended = false;

  constructor(sampleRate: number, charsPerSecond: number) {
    this.#msPerChar = 1000 / charsPerSecond;
    this.#voiced = new VoicedTime(sampleRate);
  }

  /** All the agent said, complete or not. */
  get text(): string {
    return this.#cutter.text.trim();
  }

  /** Characters so far, white space included. */
  get length(): number {
    return this.#cutter.length;
  }

  /** More text, in pieces of any size; `startMs`: where in the sound this piece begins, if known. */
  addText(text: string, startMs?: number): void {
    if (text === '') return;
    if (startMs !== undefined && Number.isFinite(startMs)) {
      this.#hints.push({ at: this.#cutter.length, soundMs: startMs });
    }
    this.#wait(this.#cutter.push(text));
  }

  /** More sound, at the rate given at the start. */
  addSound(pcm: Int16Array): void {
    this.#voiced.push(pcm);
  }

  /**
   * Text and sound are complete: what has not been sent is spread over the rest of the sound.
   *
   * @param whole all the text, where the agent repeats it: what was missing at the end is added.
   */
  end(whole?: string): void {
    const soFar = this.#cutter.text;
    if (whole?.startsWith(soFar)) this.addText(whole.slice(soFar.length));
    this.#wait(this.#cutter.end());
    this.#ended = true;
  }

  /** Takes the words that begin before `soundMs` (all that are left: Infinity), in order; each is given out once. */
  due(soundMs: number): TimedWord[] {
    const due: TimedWord[] = [];
    for (const word of this.#waiting) {
      const startMs = Math.max(this.#last?.soundMs ?? 0, this.#timeOf(word.from));
      if (startMs >= soundMs) break;
      const endMs = Math.max(startMs, this.#timeOf(word.to));
      this.#last = { at: word.from, soundMs: startMs };
      while ((this.#hints[this.#hintsPassed]?.at ?? Number.POSITIVE_INFINITY) <= word.from)
        this.#hintsPassed += 1;
      const timed = { text: word.text, startMs, endMs };
      due.push(timed);
      this.#sent.push(timed);
    }
    if (due.length > 0) this.#waiting = this.#waiting.slice(due.length);
    return due;
  }

  /** The words that begin within the first `soundMs` of the sound, of those given out. */
  heard(soundMs: number): string {
    return this.#sent
      .filter(({ startMs }) => startMs < soundMs)
      .map(({ text }) => text)
      .join('')
      .trim();
  }

  #wait(words: readonly Word[]): void {
    for (const word of words) this.#waiting.push(word);
  }

  #timeOf(char: number): number {
    let next = this.#hintsPassed;
    while ((this.#hints[next]?.at ?? Number.POSITIVE_INFINITY) <= char) next += 1;
    const named = next > this.#hintsPassed ? this.#hints[next - 1] : undefined;
    const before = named ?? this.#last ?? { at: 0, soundMs: 0 };
    const after = this.#hints[next] ?? this.#end();
    const voicedBefore = this.#voiced.toVoiced(before.soundMs);
    if (after === undefined) return this.#voiced.toSound(voicedBefore + (char - before.at) * this.#msPerChar);
    const share = (char - before.at) / Math.max(1, after.at - before.at);
    const voicedAfter = this.#voiced.toVoiced(after.soundMs);
    const time = this.#voiced.toSound(voicedBefore + Math.max(0, voicedAfter - voicedBefore) * share);
    return Math.min(time, after.soundMs);
  }

  #end(): Anchor | undefined {
    return this.#ended ? { at: this.#cutter.length, soundMs: this.#voiced.soundMs } : undefined;
  }
}
