/**
 * Registers the processor that gathers a microphone's sound on the audio thread and posts it in chunks (Float32Array,
 * -1 to 1). Told `flush`, it posts what it has, and then `flushed`.
 *
 * Nothing outside of this function may be used in it: its text is what the audio thread gets where no file of its own
 * is given to it.
 */
export function registerCapture(): void {
  // TypeScript's DOM types leave out what the audio thread offers.
  const scope = globalThis as unknown as {
    readonly AudioWorkletProcessor: new () => { readonly port: MessagePort };
    readonly registerProcessor: (name: string, processor: unknown) => void;
  };
  class Capture extends scope.AudioWorkletProcessor {
    chunk: Float32Array<ArrayBuffer>;
    filled: number;

    constructor(options: { readonly processorOptions: { readonly chunkSamples: number } }) {
      super();
      this.chunk = new Float32Array(options.processorOptions.chunkSamples);
      this.filled = 0;
      this.port.onmessage = () => {
        if (this.filled > 0) this.post();
        this.port.postMessage('flushed');
      };
    }

    post(): void {
      const chunk = this.chunk.slice(0, this.filled);
      this.filled = 0;
      this.port.postMessage(chunk, [chunk.buffer]);
    }

    /** Called by the browser for every 128 samples or so; true: go on. */
    process(inputs: readonly (readonly Float32Array[])[]): boolean {
      const samples = inputs[0]?.[0];
      if (samples === undefined) return true;
      for (const sample of samples) {
        this.chunk[this.filled] = sample;
        this.filled += 1;
        if (this.filled === this.chunk.length) this.post();
      }
      return true;
    }
  }
  scope.registerProcessor('avatar-chat-capture', Capture);
}
