import { watchPage } from '../page-events.ts';
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
 * @param signal ends the opening: the device is let go at once, or as soon as the browser gives it.
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
  const closed = new AbortController();
  closed.signal.addEventListener('abort', () => {
    for (const track of stream.getTracks()) track.stop();
  });
  // A browser may let each of the steps hang.
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      closed.abort();
      reject(signal.reason);
    });
  });
  try {
    signal.throwIfAborted();
    for (const track of stream.getTracks())
      track.addEventListener('ended', () => listener.onLost(), { signal: closed.signal });
    const capture = await Promise.race([connect(stream, { chunkMs, workletUrl }, listener, closed), givenUp]);
    // Some browsers do not say that a device has gone before anybody listened to it.
    if (stream.getTracks().some(({ readyState }) => readyState === 'ended'))
      throw new MicrophoneError('lost');
    return capture;
  } catch (error) {
    closed.abort();
    throw toMicrophoneError(error);
  }
}

/** Leads a stream to the audio thread and its chunks to the listener, until it is `closed`. */
async function connect(
  stream: MediaStream,
  { chunkMs, workletUrl }: Pick<CaptureOptions, 'chunkMs' | 'workletUrl'>,
  listener: CaptureListener,
  closed: AbortController,
): Promise<Capture> {
  const context = new AudioContext({ latencyHint: 'interactive' });
  closed.signal.addEventListener('abort', () => {
    if (context.state !== 'closed') context.close().catch(() => undefined);
  });
  await addWorklet(context, workletUrl);
  closed.signal.throwIfAborted();
  const node = new AudioWorkletNode(context, 'avatar-chat-capture', {
    numberOfOutputs: 0,
    processorOptions: { chunkSamples: Math.round((context.sampleRate * chunkMs) / 1000) },
  });
  const flushes: (() => void)[] = [];
  node.port.onmessage = ({ data }: MessageEvent<Float32Array | 'flushed'>) => {
    if (data === 'flushed') flushes.shift()?.();
    else listener.onChunk(data);
  };
  closed.signal.addEventListener('abort', () => {
    node.port.onmessage = null;
  });
  context.createMediaStreamSource(stream).connect(node);
  keepRunning(context, closed.signal);
  await context.resume();
  return {
    sampleRate: context.sampleRate,
    flush: () =>
      new Promise((resolve) => {
        const patience = setTimeout(resolve, FLUSH_WITHIN_MS);
        flushes.push(() => {
          clearTimeout(patience);
          resolve();
        });
        node.port.postMessage('flush');
      }),
    close: () => closed.abort(),
  };
}

/** Systems stop the sound for a telephone call, or in a page that is not seen: it is asked for again until it runs. */
function keepRunning(context: AudioContext, signal: AbortSignal): void {
  const resume = () => {
    if (context.state !== 'running' && context.state !== 'closed') context.resume().catch(() => undefined);
  };
  context.addEventListener('statechange', resume, { signal });
  const unwatch = watchPage({
    onReachable: resume,
    onVisible: (visible) => {
      if (visible) resume();
    },
    onGesture: resume,
  });
  signal.addEventListener('abort', unwatch);
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
