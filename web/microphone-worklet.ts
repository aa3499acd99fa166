/** What the audio thread offers; TypeScript's DOM types leave it out. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** Sound leaves the audio thread in chunks of this length. */
const CHUNK_S = 0.1;
const CHUNK_SAMPLES = Math.floor(sampleRate * CHUNK_S);

/** Gathers the microphone's sound on the audio thread and posts it in chunks (Float32Array, -1..1). */
class MicrophoneChunks extends AudioWorkletProcessor {
  #chunk = new Float32Array(CHUNK_SAMPLES);
  #filled = 0;

  /** Called by the browser for every 128 samples or so; true: go on. */
  process([input]: readonly Float32Array[][]): boolean {
    let samples = input?.[0] ?? new Float32Array(0);
    while (samples.length > 0) {
      const taken = samples.subarray(0, CHUNK_SAMPLES - this.#filled);
      this.#chunk.set(taken, this.#filled);
      this.#filled += taken.length;
      samples = samples.subarray(taken.length);
      if (this.#filled === CHUNK_SAMPLES) this.#post();
    }
    return true;
  }

  #post(): void {
    this.port.postMessage(this.#chunk, [this.#chunk.buffer]);
    this.#chunk = new Float32Array(CHUNK_SAMPLES);
    this.#filled = 0;
  }
}

registerProcessor('microphone-chunks', MicrophoneChunks);
