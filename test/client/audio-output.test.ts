import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audioOutput } from '../../client/src/playback/audio-output.ts';

const RATE = 24_000;

/** An audio context that says this of its clock. */
function context(
  currentTime: number,
  stamp: { readonly contextTime: number; readonly performanceTime: number } | undefined,
): AudioContext {
  const said = { sampleRate: RATE, currentTime, outputLatency: 0.032, baseLatency: 0.01 };
  return { ...said, ...(stamp && { getOutputTimestamp: () => stamp }) } as unknown as AudioContext;
}

const latencyMs = (of: AudioContext) => (1000 * audioOutput(of, false).latency()) / RATE;

describe('how long sound takes to the ear', () => {
  it('is by the browser’s own estimate, which goes on between two steps of the clock', () => {
    const longAgo = performance.now() - 6;
    const estimated = latencyMs(context(5, { contextTime: 4.955, performanceTime: longAgo }));
    assert.ok(Math.abs(estimated - 39) < 2, `${estimated} ms`);
  });

  for (const [what, stamp] of [
    ['has none', undefined],
    ['has not begun', { contextTime: 0, performanceTime: 0 }],
    ['stands still', { contextTime: 3, performanceTime: 1 }],
    ['is of another clock', { contextTime: 4.96, performanceTime: Date.now() }],
  ] as const) {
    it(`is the latency it tells, where the estimate ${what}`, () => {
      assert.ok(Math.abs(latencyMs(context(5, stamp)) - 32) < 1e-6);
    });
  }
});
