import { msToSamples } from '../../src/audio/pcm.ts';
import { createResampler } from '../../src/audio/resampler.ts';
import { playInFakeTime } from '../fake-time-answer.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { noise } from '../voice.ts';

const WIRE_RATE = 24_000;

/** Samples in one delta: a sample is the least that the agent interface can carry. */
const DELTAS = [1, 7, 480, 2400, 2 * WIRE_RATE] as const;
const ANSWERS_MS = [20, 1000, 10_000, 5 * 60_000] as const;

/** An answer cut into more deltas than this is left out: five minutes sample by sample would be seven million. */
const MOST_DELTAS = 1_100_000;

/** Whether every sample arrives once, in order, as it was. */
export const exactness: Figure = {
  name: 'exactness',
  title: 'Sound received against sound sent, sample by sample (fake clock, the whole session in process)',
  run: async () => {
    const rows: Row[] = [];
    for (const agentRate of [WIRE_RATE, 16_000]) {
      for (const durationMs of ANSWERS_MS) rows.push(await measure(agentRate, durationMs));
    }
    return rows;
  },
};

async function measure(agentRate: number, durationMs: number): Promise<Row> {
  const sent = noise(msToSamples(durationMs, agentRate));
  const expected = inOnePiece(sent, agentRate);
  const deltas = DELTAS.filter((delta) => sent.length / delta <= MOST_DELTAS);
  let compared = 0;
  let mismatches = 0;
  for (const deltaSamples of deltas) {
    const received = await playInFakeTime({ sent, deltaSamples, agentRate, wireRate: WIRE_RATE });
    compared += received.length;
    mismatches += countMismatches(expected, received);
  }
  const rate = agentRate === WIRE_RATE ? '24 kHz' : '16 kHz to 24 kHz';
  return {
    what: `${rate}, ${durationMs / 1000} s in deltas of ${deltas.join(', ')} samples`,
    measured: `${mismatches} of ${compared.toLocaleString('en')} samples differ`,
    ...atMost(mismatches, 0, '0'),
  };
}

/** What a resampler makes of the whole sound at once; at equal rates the sound itself. */
function inOnePiece(pcm: Int16Array, fromRate: number): Int16Array {
  const resampler = createResampler(fromRate, WIRE_RATE);
  return Int16Array.from([...resampler.push(pcm), ...resampler.flush()]);
}

/** The last frame is filled up with silence; what is missing counts as much as what differs. */
function countMismatches(expected: Int16Array, received: Int16Array): number {
  const frameSamples = WIRE_RATE / 30;
  const wholeFrames = Math.ceil(expected.length / frameSamples) * frameSamples;
  let mismatches = Math.abs(wholeFrames - received.length);
  for (let index = 0; index < received.length; index += 1) {
    if (received[index] !== (expected[index] ?? 0)) mismatches += 1;
  }
  return mismatches;
}
