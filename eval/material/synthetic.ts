import { loadFlite, runFlite } from '../../src/agents/offline/speech/flite.ts';
import { type Clip, type Phone, SAMPLE_RATE } from './clip.ts';
import { joined, resampled } from './recordings.ts';
import { SENTENCES } from './sentences.ts';

/** The voice that the embedded model was never trained on. */
const HELD_OUT_VOICE = 'slt';

/** Silence between sentences, in seconds. */
const PAUSE_S = 0.7;

/**
 * Speech of a synthetic voice with the times of its phones, made here and now: the same in every run. What is tuned is
 * tuned on other voices than the held-out one.
 */
export async function syntheticSpeech(voice = HELD_OUT_VOICE): Promise<readonly Clip[]> {
  const flite = await loadFlite();
  const clips: Clip[] = [];
  for (const [place, sentences] of SENTENCES.entries()) {
    const sounds: Int16Array[] = [];
    const phones: Phone[] = [];
    let samples = 0;
    const add = (sound: Int16Array, spoken: readonly Phone[]) => {
      const offset = samples / SAMPLE_RATE;
      phones.push(
        ...spoken.map(({ name, start, end }) => ({ name, start: start + offset, end: end + offset })),
      );
      sounds.push(sound);
      samples += sound.length;
    };
    const pause = new Int16Array(PAUSE_S * SAMPLE_RATE);
    for (const sentence of sentences) {
      let spoken: readonly Phone[] = [];
      const { pcm, sampleRate } = await runFlite(flite, voice, sentence, {
        also: ['-psdur'],
        onLine: (line) => {
          if (line.includes(':')) spoken = parsePhones(line);
        },
      });
      add(resampled(pcm, sampleRate, SAMPLE_RATE), spoken);
      add(pause, [{ name: 'pau', start: 0, end: PAUSE_S }]);
    }
    clips.push({ name: `${voice}-${place + 1}`, pcm: joined(sounds), phones });
  }
  return clips;
}

/** Reads `name:end name:end …`, ends in seconds. */
export function parsePhones(line: string): readonly Phone[] {
  let start = 0;
  return line
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [name = '', end = ''] = pair.split(':');
      const phone = { name, start, end: Number(end) };
      start = phone.end;
      return phone;
    });
}
