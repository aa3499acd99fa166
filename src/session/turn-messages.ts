import { audioChunkEncoder, syncFrameEncoder } from '../protocol/sync-frame.ts';
import type { PlayoutFrame } from './frame-kinds.ts';
import type { TimedWord } from './transcript.ts';
import type { TurnSettings } from './turn-settings.ts';

/** What one turn says on the wire, named as its own. When it says it is the turn's business. */
export class TurnMessages {
  readonly #settings: TurnSettings;
  readonly #ids: { readonly sessionId: string; readonly turnId: string };
  readonly #encode: ReturnType<typeof syncFrameEncoder>;
  #item: { readonly itemId?: string } = {};

  constructor(settings: TurnSettings, turnId: string) {
    const { sessionId, animator } = settings;
    this.#settings = settings;
    this.#ids = { sessionId, turnId };
    this.#encode = (animator === undefined ? audioChunkEncoder : syncFrameEncoder)(sessionId, turnId);
  }

  /** The agent's own name for its answer; the first that is given stays. */
  name(itemId: string | undefined): void {
    if (itemId !== undefined && this.#item.itemId === undefined) this.#item = { itemId };
  }

  /** Sound follows. */
  start(): void {
    const { outbox, outputRate } = this.#settings;
    outbox.send({ type: 'audio_start', ...this.#ids, sampleRate: outputRate, format: 'audio/pcm16' });
  }

  /** A frame of sound and face. */
  frame(frame: PlayoutFrame): void {
    const { outbox } = this.#settings;
    outbox.sendText(this.#encode({ ...frame, timestamp: outbox.timestamp() }));
  }

  /** Words that are about to be heard; `shiftMs`: what was filled in before them. */
  words(words: readonly TimedWord[], shiftMs: number): void {
    for (const { text, startMs, endMs } of words) {
      this.#settings.outbox.send({
        type: 'transcript_delta',
        role: 'assistant',
        text,
        ...this.#ids,
        startOffset: Math.round(startMs + shiftMs),
        endOffset: Math.round(endMs + shiftMs),
        ...this.#item,
      });
    }
  }

  /** All sound is out. */
  end(): void {
    this.#settings.outbox.send({ type: 'audio_end', ...this.#ids });
  }

  /** The turn was cut off after this much of it was played. */
  interrupt(playedMs: number): void {
    this.#settings.outbox.send({ type: 'interrupt', ...this.#ids, offsetMs: Math.round(playedMs) });
  }

  /** All that was said, or as much of it as was heard. */
  transcript(text: string, interrupted: boolean): void {
    this.#settings.outbox.send({
      type: 'transcript_done',
      role: 'assistant',
      text,
      ...this.#ids,
      ...(interrupted ? { interrupted: true as const } : {}),
      ...this.#item,
    });
  }
}
