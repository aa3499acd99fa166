import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createResampler } from '../../src/audio/resampler.ts';
import { decodeWav } from '../../src/audio/wav.ts';
import { BLENDSHAPES } from '../../src/protocol/blendshapes.ts';
import { type Clip, SAMPLE_RATE } from './clip.ts';

/** Recordings with the full-size model's own output, beside the checkout; they are no part of it and never will be. */
const FOLDER = fileURLToPath(new URL('../../../shared/lipsync-dev', import.meta.url));

const trackSchema = z.object({
  fps: z.literal(30),
  names: z.array(z.string()).length(BLENDSHAPES.length),
  frames: z.array(z.array(z.number())),
});

/** The recordings that are there, to measure on and nothing else; none where the folder is absent. */
export function recordings(folder = FOLDER): readonly Clip[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => recording(folder, name.slice(0, -'.wav'.length)));
}

function recording(folder: string, name: string): Clip {
  const { pcm, sampleRate } = decodeWav(new Uint8Array(readFileSync(join(folder, `${name}.wav`))));
  const track = trackSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.weights.json`), 'utf8')));
  const columns = BLENDSHAPES.map((blendshape) => track.names.indexOf(blendshape));
  const reference = track.frames.map((frame) =>
    Float32Array.from(columns, (column) => frame[column] ?? Number.NaN),
  );
  return { name, pcm: resampled(pcm, sampleRate, SAMPLE_RATE), reference };
}

/** A whole sound at another rate. */
export function resampled(pcm: Int16Array, fromRate: number, toRate: number): Int16Array {
  const resampler = createResampler(fromRate, toRate);
  return joined([resampler.push(pcm), resampler.flush()]);
}

/** Sounds one after another. */
export function joined(sounds: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(sounds.reduce((length, sound) => length + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}
