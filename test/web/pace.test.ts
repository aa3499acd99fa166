import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pace } from '../../web/face/pace.ts';

/** What a pace says to pictures that come at these distances. */
function notes(pace: Pace, stepsMs: readonly number[]): number[] {
  let nowMs = 0;
  return stepsMs.flatMap((stepMs) => {
    nowMs += stepMs;
    return pace.note(nowMs) ?? [];
  });
}

describe('the pace of pictures', () => {
  it('is the median of each group of pictures, without the first ones', () => {
    const warmUp = Array.from({ length: 8 }, () => 300);
    const group = Array.from({ length: 24 }, (_, index) => (index % 4 === 0 ? 90 : 16));
    assert.deepEqual(notes(new Pace(), [...warmUp, ...group, ...group.map((ms) => 3 * ms)]), [16, 48]);
  });

  it('does not take a hidden tab for slow', () => {
    assert.deepEqual(
      notes(
        new Pace(),
        Array.from({ length: 100 }, () => 60_000),
      ),
      [],
    );
  });
});
