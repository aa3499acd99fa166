import { registerCapture } from './capture-processor.ts';
import { MicrophoneError, toMicrophoneError } from './microphone-error.ts';

/** How a microphone is to be opened. */
export interface CaptureOptions {
  /** Length of a chunk (ms), 20 to 100. */
  readonly chunkMs: number;
  /** Where `capture-worklet.js` is served; undefined: its text is made a `blob:` address. */
  readonly workletUrl: string | URL | undefined;
  /** What is asked of the browser, over the usual. */
  readonly constraints: MediaTrackConstraints;
}

/** What an open microphone tells. */
export interface CaptureListener {
  /** The next sound, -1 to 1, at the capture's rate. */
  onChunk(samples: Float32Array): void;
  /** The device vanished. */
  onLost(): void;
}

/** An open microphone: sound comes until it is closed. */
export interface Capture {
  /** Hz of the sound that comes: the device's own. */
  readonly sampleRate: number;
  /** Gives what has not filled a chunk yet; resolves when it has been given. */
  flush(): Promise<void>;
  close(): void;
}

/** A flush that is not answered: the audio thread is gone. */
const FLUSH_WITHIN_MS = 200;

/**
 * Opens the microphone, asking the user if need be.
 *
 * @throws MicrophoneError and nothing else.
 */
export async function openCapture(
  { chunkMs, workletUrl, constraints }: CaptureOptions,
  listener: CaptureListener,
  signal: AbortSignal,
): Promise<Capture> {
  if (typeof AudioWorkletNode === 'undefined' && typeof isSecureContext === 'undefined') {
    throw new MicrophoneError('unsupported');
  }
  if (typeof navigator === 'undefined' || navigator.mediaDevices === undefined)
    throw new MicrophoneError('insecure');
  const stream = await askForStream(constraints);
  const context = new AudioContext({ latencyHint: 'interactive' });
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== 'closed') context.close().catch(() => undefined);
  };
  try {
    signal.throwIfAborted();
    await addWorklet(context, workletUrl);
    signal.throwIfAborted();
    const chunkSamples = Math.round((context.sampleRate * chunkMs) / 1000);
    const node = new AudioWorkletNode(context, 'avatar-chat-capture', {
      numberOfOutputs: 0,
      processorOptions: { chunkSamples },
    });
    let flushed: (() => void) | undefined;
    node.port.onmessage = ({ data }: MessageEvent<Float32Array | 'flushed'>) => {
      if (data === 'flushed') flushed?.();
      else listener.onChunk(data);
    };
    context.createMediaStreamSource(stream).connect(node);
    for (const track of stream.getTracks()) track.addEventListener('ended', () => listener.onLost());
    await context.resume();
    return {
      sampleRate: context.sampleRate,
      flush: () =>
        new Promise((resolve) => {
          const patience = setTimeout(resolve, FLUSH_WITHIN_MS);
          flushed = () => {
            clearTimeout(patience);
            resolve();
          };
          node.port.postMessage('flush');
        }),
      close: () => {
        node.port.onmessage = null;
        close();
      },
    };
  } catch (error) {
    close();
    throw toMicrophoneError(error);
  }
}

async function askForStream(constraints: MediaTrackConstraints): Promise<MediaStream> {
  const usual = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...usual, ...constraints } });
  } catch (error) {
    throw toMicrophoneError(error);
  }
}

async function addWorklet(context: AudioContext, workletUrl: string | URL | undefined): Promise<void> {
  try {
    if (workletUrl !== undefined) {
      await context.audioWorklet.addModule(String(workletUrl));
      return;
    }
    const script = new Blob([`(${registerCapture})()`], { type: 'text/javascript' });
    const url = URL.createObjectURL(script);
    await context.audioWorklet.addModule(url).finally(() => URL.revokeObjectURL(url));
  } catch (error) {
    throw new MicrophoneError('worklet_blocked', error);
  }
}
