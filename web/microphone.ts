/** The microphone, open: sound comes until it is closed. */
export interface OpenMicrophone {
  /** Hz of the sound that comes. */
  readonly sampleRate: number;
  close(): void;
}

/**
 * Opens the microphone, asking the visitor if need be.
 *
 * @param preferredRate Hz. A browser that cannot capture at it delivers at the device's rate, as the result says.
 * @param onChunk gets the next tenth of a second of sound (-1..1).
 * @throws DOMException if there is no microphone or the visitor says no; {@link microphoneTrouble} words it.
 */
export async function openMicrophone(
  preferredRate: number,
  onChunk: (samples: Float32Array) => void,
): Promise<OpenMicrophone> {
  // Browsers hide the microphone from pages that come over plain http from another machine.
  if (!('mediaDevices' in navigator)) throw new DOMException('insecure page', 'SecurityError');
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
  const stopTracks = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    const { context, source } = captureAt(preferredRate, stream) ?? capture(new AudioContext(), stream);
    await context.audioWorklet.addModule('./microphone-worklet.js');
    const chunks = new AudioWorkletNode(context, 'microphone-chunks', { numberOfOutputs: 0 });
    chunks.port.addEventListener('message', ({ data }: MessageEvent<Float32Array>) => onChunk(data));
    chunks.port.start();
    source.connect(chunks);
    await context.resume();
    return {
      sampleRate: context.sampleRate,
      close: () => {
        chunks.port.close();
        stopTracks();
        void context.close();
      },
    };
  } catch (error) {
    stopTracks();
    throw error;
  }
}

/** Why the microphone did not open, in words for the visitor. */
export function microphoneTrouble(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'The microphone is not allowed. You can allow it in the browser’s address bar, or just type.';
    case 'NotFoundError':
      return 'No microphone was found. You can type instead.';
    case 'NotReadableError':
      return 'The microphone is in use by another program.';
    case 'SecurityError':
      return 'Browsers give the microphone only to pages served over https, or from this computer.';
    default:
      return 'The microphone could not be opened. You can type instead.';
  }
}

interface Capture {
  readonly context: AudioContext;
  readonly source: MediaStreamAudioSourceNode;
}

/** The browser's own resampler delivers the rate asked for; undefined where a browser refuses to mix rates. */
function captureAt(sampleRate: number, stream: MediaStream): Capture | undefined {
  const context = new AudioContext({ sampleRate });
  try {
    return capture(context, stream);
  } catch {
    void context.close();
    return undefined;
  }
}

function capture(context: AudioContext, stream: MediaStream): Capture {
  return { context, source: context.createMediaStreamSource(stream) };
}
