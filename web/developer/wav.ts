import { Resampler } from '../client/src/index.js';
import { toFloat, toInt16 } from '../client/src/wire/pcm.js';
import type { RecordedTurn } from './recorded-turns.js';

/** Length of the header of a RIFF/WAVE file with nothing but sound. */
const HEADER_BYTES = 44;

/**
 * The sound of answers, one after another, as a WAV file (16 bits, mono): the very samples the server sent. Only answers
 * at another rate than the first are resampled to it.
 */
export function wavOf(turns: readonly RecordedTurn[]): Uint8Array<ArrayBuffer> {
  const sampleRate = turns[0]?.sampleRate ?? 24_000;
  const sounds = turns.map((turn) => atRate(soundOf(turn), turn.sampleRate, sampleRate));
  return encodeWav(joined(sounds), sampleRate);
}

/** All samples of a turn. */
function soundOf({ frames }: RecordedTurn): Int16Array {
  return joined(frames.map(({ pcm }) => pcm));
}

function atRate(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const resampler = new Resampler(from, to);
  return joined([toInt16(resampler.push(toFloat(samples))), toInt16(resampler.end())]);
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function encodeWav(samples: Int16Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, name: string) => bytes.set(new TextEncoder().encode(name), at);
  tag(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, at) => {
    view.setInt16(HEADER_BYTES + 2 * at, sample, true);
  });
  return bytes;
}
