import { createResampler } from '../../../audio/resampler.ts';
import { loadFlite, runFlite } from './flite.ts';

/** What the worker is asked to speak. */
export interface SpeechJob {
  readonly voice: string;
  readonly text: string;
  /** Hz the sound is wanted at. */
  readonly sampleRate: number;
}

/** The program, warmed up: the first sentence of a fresh one takes several times as long. */
const loading = loadFlite().then(async (flite) => {
  await runFlite(flite, 'slt', 'Hello, I am getting ready to speak.');
  return flite;
});
loading.catch(() => undefined); // whoever asks for speech is told

/** Runs in a worker thread: text in, sound out (the array is handed over, not copied). */
export async function speakJob({ voice, text, sampleRate }: SpeechJob): Promise<Int16Array> {
  const spoken = await runFlite(await loading, voice, text);
  const resampler = createResampler(spoken.sampleRate, sampleRate);
  const head = resampler.push(spoken.pcm);
  const tail = resampler.flush();
  const pcm = new Int16Array(head.length + tail.length);
  pcm.set(head);
  pcm.set(tail, head.length);
  return pcm;
}
