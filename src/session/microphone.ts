import { createResampler, type Resampler } from '../audio/resampler.ts';

/** Where a {@link Microphone}'s sound goes. */
export interface MicrophoneOptions {
  /** Hz the client was told to send, and sends unless it says otherwise. */
  readonly defaultRate: number;
  /** Hz the agent wants. */
  readonly agentRate: number;
  readonly onSound: (pcm: Int16Array) => void;
  readonly onEnd: () => void;
}

interface Input {
  readonly rate: number;
  readonly resampler: Resampler;
}

/**
 * The user's microphone: on between `start` and `stop`; sound that comes without a start starts it (the widget does so
 * after a reconnect). Resamples to the agent's rate as one continuous stream.
 */
export class Microphone {
  readonly #options: MicrophoneOptions;
  #open: Input | undefined;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
  }

  /** Hz of the sound that comes in now. */
  get rate(): number {
    return this.#open?.rate ?? this.#options.defaultRate;
  }

  /** The client opens its microphone (again: what was running is ended). */
  start(rate = this.#options.defaultRate): void {
    this.stop();
    this.#open = { rate, resampler: createResampler(rate, this.#options.agentRate) };
  }

  /** Sound at {@link rate}. */
  push(pcm: Int16Array): void {
    if (this.#open === undefined) this.start();
    const sound = this.#open?.resampler.push(pcm);
    if (sound !== undefined && sound.length > 0) this.#options.onSound(sound);
  }

  /** The client closes its microphone. */
  stop(): void {
    if (this.#open === undefined) return;
    const rest = this.#open.resampler.flush();
    this.#open = undefined;
    if (rest.length > 0) this.#options.onSound(rest);
    this.#options.onEnd();
  }
}
