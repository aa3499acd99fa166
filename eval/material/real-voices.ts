import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeWav } from '../../src/audio/wav.ts';
import { type Clip, type Phone, SAMPLE_RATE } from './clip.ts';
import { joined, resampled } from './recordings.ts';

/** Real voices that the embedded model was never trained on, with the times of their lips' contacts. */
export interface RealVoices {
  /** Five sentences of "Sense and Sensibility", less the one that could not be aligned. Nothing was chosen on them. */
  readonly librivox: readonly Clip[];
  /** Every seventh Russian telephone prompt. The model's threshold was chosen on this speaker (models/MODEL_CARD.md). */
  readonly russian: readonly Clip[];
  /** Why some are missing. */
  readonly missing: readonly string[];
}

const LIBRIVOX_FOLDER = '/usr/share/pocketsphinx/test/data/librivox';
const RUSSIAN_FOLDER = '/usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU';

/** Prompts are words and half sentences: so many together are wide enough open somewhere to be measured against. */
const PROMPTS_A_CLIP = 12;

/** Silence between prompts, in seconds. */
const PAUSE_S = 0.7;

/**
 * By speaker and file: p, b, m, f, v and pauses as `name:start-end` in seconds. From the training pipeline's forced
 * alignment (training/face/align.py); the sounds themselves are in Debian's packages.
 */
const contactsSchema = z.record(z.enum(['librivox', 'ivrvoice-ru']), z.record(z.string(), z.string()));

/** The real voices that are there; none where Debian's packages are not installed. */
export function realVoices(): RealVoices {
  const path = new URL('real-contacts.json', import.meta.url);
  const contacts = contactsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const missing: string[] = [];
  const read = (folder: string, speaker: keyof typeof contacts, from: string, decode: Decode) => {
    const files = Object.entries(contacts[speaker]).map(([file, line]) => ({
      path: join(folder, file),
      phones: parseContacts(line),
    }));
    const absent = files.find((file) => !existsSync(file.path));
    try {
      if (absent === undefined) return clipsOf(speaker, decode(files.map((file) => file.path)), files);
      missing.push(`no ${absent.path}: bilabials of this real voice are left out (Debian: ${from})`);
    } catch (error) {
      missing.push(`${speaker} cannot be read: ${(error as Error).message.split('\n', 1)[0]}`);
    }
    return [];
  };
  return {
    librivox: read(LIBRIVOX_FOLDER, 'librivox', 'pocketsphinx-testdata', decodeWavs),
    russian: read(RUSSIAN_FOLDER, 'ivrvoice-ru', 'asterisk-core-sounds-ru-g722, ffmpeg', decodeG722),
    missing,
  };
}

/** Reads `name:start-end name:start-end …`, in seconds. */
export function parseContacts(line: string): readonly Phone[] {
  return line.split(' ').map((entry) => {
    const [, name = '', start = '', end = ''] = /^(\w+):([\d.]+)-([\d.]+)$/.exec(entry) ?? [];
    if (name === '') throw new RangeError(`no contact: ${entry}`);
    return { name, start: Number(start), end: Number(end) };
  });
}

/** Files as sounds at {@link SAMPLE_RATE}. */
type Decode = (paths: readonly string[]) => readonly Int16Array[];

function decodeWavs(paths: readonly string[]): readonly Int16Array[] {
  return paths.map((path) => {
    const { pcm, sampleRate } = decodeWav(new Uint8Array(readFileSync(path)));
    return resampled(pcm, sampleRate, SAMPLE_RATE);
  });
}

/** One after the other through one ffmpeg, cut again by their lengths: G.722 has four bits a sample, at 16 kHz. */
function decodeG722(paths: readonly string[]): readonly Int16Array[] {
  const codes = paths.map((path) => readFileSync(path));
  const bytes = execFileSync('ffmpeg', '-v error -f g722 -i - -f s16le -'.split(' '), {
    input: Buffer.concat(codes),
    maxBuffer: 2 ** 28,
  });
  const pcm = new Int16Array(Uint8Array.from(bytes).buffer);
  let at = 0;
  return codes.map((code) => {
    const from = at;
    at += 2 * code.length;
    return pcm.slice(from, at);
  });
}

/** Some prompts to a clip, with pauses between. */
function clipsOf(
  speaker: string,
  sounds: readonly Int16Array[],
  files: readonly { readonly phones: readonly Phone[] }[],
): readonly Clip[] {
  const clips: Clip[] = [];
  const pause = new Int16Array(PAUSE_S * SAMPLE_RATE);
  for (let first = 0; first < sounds.length; first += PROMPTS_A_CLIP) {
    const parts: Int16Array[] = [];
    const phones: Phone[] = [];
    let offset = 0;
    for (const [place, sound] of sounds.slice(first, first + PROMPTS_A_CLIP).entries()) {
      for (const { name, start, end } of files[first + place]?.phones ?? [])
        phones.push({ name, start: start + offset, end: end + offset });
      const soundS = sound.length / SAMPLE_RATE;
      phones.push({ name: 'pau', start: offset + soundS, end: offset + soundS + PAUSE_S });
      offset += soundS + PAUSE_S;
      parts.push(sound, pause);
    }
    clips.push({ name: `${speaker}-${clips.length + 1}`, pcm: joined(parts), phones });
  }
  return clips;
}
