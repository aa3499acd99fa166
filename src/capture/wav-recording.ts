import { type FileHandle, open } from 'node:fs/promises';
import { HEADER_BYTES, wavHeader } from '../audio/wav.ts';
import type { Clock } from '../time/clock.ts';
import { Wakeup } from '../time/wakeup.ts';

/** Sound is written when so much of it waits (bytes), or has waited for so long (ms). */
const WRITE_BYTES = 64 * 1024;
const WRITE_AFTER_MS = 500;

/** While the disk is slow, so much (bytes) waits for it; what comes then is left out. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Why something is missing in a recording. */
export type Gap =
  /** A limit of size is reached: the rest is missing. */
  | { readonly kind: 'full' }
  /** The disk was slow: so much is missing somewhere in it. */
  | { readonly kind: 'slow'; readonly bytes: number }
  /** It could not be written: the rest is missing. */
  | { readonly kind: 'failed'; readonly cause: unknown };

/** What a {@link WavRecording} needs. */
export interface RecordingOptions {
  /** Must not exist yet. */
  readonly path: string;
  /** Hz of the sound. */
  readonly sampleRate: number;
  readonly clock: Clock;
  /** Whether so many bytes more may be written, which are then taken. */
  readonly takeRoom: (bytes: number) => boolean;
  /** Something is missing; told once for a limit and for a fault, and at the end for a slow disk. */
  readonly onGap: (gap: Gap) => void;
}

/**
 * A WAV file that grows. Its header is true after every write, so that it can be played even if the process dies; what
 * came in the last half second before that is lost. Nobody ever waits for the disk. Whoever makes it ends it.
 */
export class WavRecording {
  readonly #options: RecordingOptions;
  readonly #wakeup: Wakeup;
  readonly #written: Promise<void>;
  #waiting: Int16Array[] = [];
  #waitingBytes = 0;
  #waitingSince = 0;
  #lostBytes = 0;
  /** open: takes sound; full, failed: takes none any more; ended: what waits is written, then it is closed. */
  #state: 'open' | 'full' | 'failed' | 'ended' = 'open';

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock, new AbortController().signal);
    this.#written = this.#write();
  }

  /** The next sound; the caller must not change it any more. Returns at once. */
  push(pcm: Int16Array): void {
    const { clock, takeRoom, onGap } = this.#options;
    if (this.#state !== 'open' || pcm.length === 0) return;
    if (this.#waitingBytes + pcm.byteLength > MAX_WAITING_BYTES) {
      this.#lostBytes += pcm.byteLength;
      return;
    }
    if (!takeRoom(pcm.byteLength)) {
      this.#state = 'full';
      onGap({ kind: 'full' });
      return;
    }
    if (this.#waitingBytes === 0) this.#waitingSince = clock.now();
    const wasEmpty = this.#waitingBytes === 0;
    this.#waiting.push(pcm);
    this.#waitingBytes += pcm.byteLength;
    if (wasEmpty || this.#waitingBytes >= WRITE_BYTES) this.#wakeup.wake();
  }

  /** That was all. Resolves when the file is complete and closed. Never rejects; may be called twice. */
  async end(): Promise<void> {
    if (this.#state !== 'failed') this.#state = 'ended';
    this.#wakeup.wake();
    await this.#written;
  }

  async #write(): Promise<void> {
    const { path, onGap } = this.#options;
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'wx', 0o600);
      await this.#fill(file);
    } catch (cause) {
      this.#state = 'failed';
      this.#waiting = [];
      onGap({ kind: 'failed', cause });
    } finally {
      await file?.close().catch(() => undefined); // what was written is there
    }
    if (this.#lostBytes > 0) onGap({ kind: 'slow', bytes: this.#lostBytes });
  }

  async #fill(file: FileHandle): Promise<void> {
    const { sampleRate } = this.#options;
    let bytes = 0;
    await file.write(wavHeader(sampleRate, 0), 0, HEADER_BYTES, 0);
    while (true) {
      const writeAt = this.#writeAt();
      if (writeAt === 'never') return;
      if (writeAt !== 'now') {
        await this.#wakeup.sleep(writeAt);
        continue;
      }
      const part = this.#take();
      for (let at = 0; at < part.length; ) {
        at += (await file.write(part, at, part.length - at, HEADER_BYTES + bytes + at)).bytesWritten;
      }
      bytes += part.length;
      await file.write(wavHeader(sampleRate, bytes), 0, HEADER_BYTES, 0);
    }
  }

  #writeAt(): number | 'now' | 'never' {
    const ended = this.#state === 'ended';
    if (this.#waitingBytes === 0) return ended ? 'never' : Number.POSITIVE_INFINITY;
    if (ended || this.#waitingBytes >= WRITE_BYTES) return 'now';
    const at = this.#waitingSince + WRITE_AFTER_MS;
    return this.#options.clock.now() >= at ? 'now' : at;
  }

  #take(): Buffer {
    const part = Buffer.concat(
      this.#waiting.map((pcm) => new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
    );
    this.#waiting = [];
    this.#waitingBytes = 0;
    return part;
  }
}
