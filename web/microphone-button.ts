import type { Connection } from './connection.js';
import { microphoneTrouble, type OpenMicrophone, openMicrophone } from './microphone.js';
import { encodePcm } from './pcm.js';
import type { Playback } from './playback.js';
import { showTrouble } from './status.js';

/** The button that turns the microphone on and off, and sends what it hears. */
export class MicrophoneButton {
  /** Hz the server asks for; set by its greeting. */
  preferredRate = 24_000;
  readonly #button: HTMLButtonElement;
  readonly #connection: Connection;
  readonly #playback: Playback;
  #microphone: OpenMicrophone | undefined;

  constructor(button: HTMLButtonElement, connection: Connection, playback: Playback) {
    this.#button = button;
    this.#connection = connection;
    this.#playback = playback;
    button.addEventListener('click', () => void this.#toggle());
  }

  /** Whether the microphone is open. */
  get open(): boolean {
    return this.#microphone !== undefined;
  }

  /** A new connection knows nothing of a microphone that is already open: tells it. */
  resume(): void {
    if (this.#microphone === undefined) return;
    this.#connection.send({ type: 'audio_stream_start', sampleRate: this.#microphone.sampleRate });
  }

  async #toggle(): Promise<void> {
    this.#playback.unlock();
    if (this.#microphone === undefined) await this.#turnOn();
    else this.#turnOff(this.#microphone);
    this.#button.setAttribute('aria-pressed', String(this.open));
  }

  async #turnOn(): Promise<void> {
    this.#button.disabled = true; // until the visitor has answered the browser's question
    try {
      this.#microphone = await openMicrophone(this.preferredRate, (samples) => this.#send(samples));
      this.resume();
    } catch (error) {
      showTrouble(microphoneTrouble(error));
    } finally {
      this.#button.disabled = false;
    }
  }

  #turnOff(microphone: OpenMicrophone): void {
    microphone.close();
    this.#microphone = undefined;
    this.#connection.send({ type: 'audio_stream_end' });
  }

  #send(samples: Float32Array): void {
    if (this.#microphone === undefined) return; // its rate has not been told yet
    this.#connection.send({ type: 'audio', data: encodePcm(samples) });
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    this.#button.style.setProperty('--level', Math.min(1, 6 * loudness).toFixed(2));
  }
}
