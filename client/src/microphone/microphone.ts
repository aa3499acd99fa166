import { Resampler } from '../resampler.ts';
import { toInt16 } from '../wire/pcm.ts';
import { type Capture, type CaptureOptions, openCapture } from './capture.ts';
import { MicrophoneError, toMicrophoneError } from './microphone-error.ts';

/** What the microphone is doing. */
export type MicrophoneState =
  | { readonly kind: 'off' }
  /** The browser is asking the user, or the device starts. */
  | { readonly kind: 'opening' }
  /** It is open; `sending` says whether the server hears it. */
  | { readonly kind: 'open'; readonly sending: boolean }
  | { readonly kind: 'failed'; readonly error: MicrophoneError };

/** How loud it is, 0 to 1; once for every chunk while it is open. */
export interface Level {
  /** Root mean square. */
  readonly rms: number;
  readonly peak: number;
}

/** How a microphone behaves. */
export interface MicrophoneOptions extends Partial<CaptureOptions> {
  /** Do not send while the tab is hidden. */
  readonly pausesWhenHidden?: boolean;
}

/** What a {@link Microphone} needs of the conversation. */
export interface MicrophoneListener {
  /** Hz the server wants. */
  sampleRate(): number;
  /** The server is to listen, to samples at this rate. */
  onStart(sampleRate: number): void;
  onSound(pcm: Int16Array): void;
  /** What was being said is complete. */
  onEnd(): void;
  onLevel(level: Level): void;
  onState(state: MicrophoneState): void;
}

const SHORTEST_CHUNK_MS = 20;
const LONGEST_CHUNK_MS = 100;

interface Opened {
  readonly capture: Capture;
  /** There while the server listens. */
  sending: { readonly resampler: Resampler; readonly sampleRate: number } | undefined;
  /** There from a release until what was said before it has come; a press takes it back. */
  release: { readonly flushed: Promise<void> } | undefined;
}

/** The microphone: opens, resamples to the server's rate, and sends as long as it is told to. */
export class Microphone {
  readonly #options: MicrophoneOptions;
  readonly #listener: MicrophoneListener;
  #state: MicrophoneState = { kind: 'off' };
  #opened: Opened | undefined;
  /** Ends an opening that is no longer wanted. */
  #opening: { readonly ended: AbortController; readonly done: Promise<void> } | undefined;
  /** It would be sending if the tab were seen. */
  #paused = false;
  #visible = true;

  constructor(options: MicrophoneOptions, listener: MicrophoneListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get state(): MicrophoneState {
    return this.#state;
  }

  /** Opens the microphone and sends all it hears (open microphone). Resolves with the state that came of it. */
  async open(): Promise<MicrophoneState> {
    if (await this.#arm()) this.press();
    return this.#state;
  }

  /** Opens the microphone without sending yet, for push-to-talk. */
  async arm(): Promise<MicrophoneState> {
    await this.#arm();
    return this.#state;
  }

  /** Push-to-talk: the button goes down. */
  press(): void {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#paused = false;
    opened.release = undefined;
    if (opened.sending !== undefined) return;
    const sampleRate = this.#listener.sampleRate();
    opened.sending = { resampler: new Resampler(opened.capture.sampleRate, sampleRate), sampleRate };
    this.#listener.onStart(sampleRate);
    this.#setState({ kind: 'open', sending: true });
  }

  /** Push-to-talk: the button goes up; what it has heard until now is still sent. */
  async release(): Promise<void> {
    this.#paused = false;
    await this.#release();
  }

  /** Lets the device go. */
  close(): void {
    this.#letGo();
    if (this.#state.kind !== 'off') this.#setState({ kind: 'off' });
  }

  /** A new connection knows nothing of a microphone that is already sending. */
  resume(): void {
    const opened = this.#opened;
    if (opened?.sending === undefined) return;
    const sampleRate = this.#listener.sampleRate();
    opened.sending = { resampler: new Resampler(opened.capture.sampleRate, sampleRate), sampleRate };
    this.#listener.onStart(sampleRate);
  }

  /** The tab is hidden or seen again. */
  async seen(visible: boolean): Promise<void> {
    this.#visible = visible;
    if (this.#options.pausesWhenHidden !== true) return;
    const { sending, release } = this.#opened ?? {};
    if (!visible && sending !== undefined && release === undefined) {
      this.#paused = true;
      await this.#release();
    }
    if (this.#visible && this.#paused) this.press();
  }

  async #release(): Promise<void> {
    const opened = this.#opened;
    if (opened?.sending === undefined) return;
    opened.release ??= { flushed: opened.capture.flush() };
    const { release } = opened;
    await release.flushed;
    if (opened !== this.#opened || opened.release !== release) return; // closed, or pressed again, meanwhile
    this.#end(opened);
    this.#setState({ kind: 'open', sending: false });
  }

  /** @returns false where it was closed meanwhile: what is open then is somebody else's. */
  async #arm(): Promise<boolean> {
    if (this.#opened !== undefined) return true;
    if (this.#opening === undefined) {
      const ended = new AbortController();
      this.#opening = { ended, done: this.#open(ended.signal) };
    }
    const opening = this.#opening;
    await opening.done;
    if (this.#opening === opening) this.#opening = undefined;
    return !opening.ended.signal.aborted;
  }

  async #open(signal: AbortSignal): Promise<void> {
    this.#setState({ kind: 'opening' });
    try {
      const capture = await openCapture(
        this.#captureOptions(),
        {
          onChunk: (samples) => this.#chunk(samples),
          onLost: () => this.#fail(new MicrophoneError('lost')),
        },
        signal,
      );
      if (signal.aborted) {
        capture.close();
        return;
      }
      this.#opened = { capture, sending: undefined, release: undefined };
      this.#setState({ kind: 'open', sending: false });
    } catch (error) {
      if (!signal.aborted) this.#fail(toMicrophoneError(error));
    }
  }

  #captureOptions(): CaptureOptions {
    const { chunkMs = LONGEST_CHUNK_MS, workletUrl, constraints = {} } = this.#options;
    const length = Math.max(SHORTEST_CHUNK_MS, Math.min(LONGEST_CHUNK_MS, chunkMs));
    return { chunkMs: length, workletUrl, constraints };
  }

  #chunk(samples: Float32Array): void {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#listener.onLevel(levelOf(samples));
    if (opened.sending === undefined) return;
    const pcm = toInt16(opened.sending.resampler.push(samples));
    if (pcm.length > 0) this.#listener.onSound(pcm);
  }

  #end(opened: Opened): void {
    const rest = opened.sending?.resampler.end();
    opened.sending = undefined;
    opened.release = undefined;
    if (rest !== undefined && rest.length > 0) this.#listener.onSound(toInt16(rest));
    this.#listener.onEnd();
  }

  #letGo(): void {
    this.#opening?.ended.abort();
    this.#opening = undefined;
    const opened = this.#opened;
    this.#opened = undefined;
    this.#paused = false;
    opened?.capture.close();
    if (opened?.sending !== undefined) this.#end(opened);
  }

  #fail(error: MicrophoneError): void {
    this.#letGo();
    this.#setState({ kind: 'failed', error });
  }

  #setState(state: MicrophoneState): void {
    this.#state = state;
    this.#listener.onState(state);
  }
}

function levelOf(samples: Float32Array): Level {
  let power = 0;
  let peak = 0;
  for (const sample of samples) {
    power += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return { rms: Math.min(1, Math.sqrt(power / Math.max(1, samples.length))), peak: Math.min(1, peak) };
}
