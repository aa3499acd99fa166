import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FULL_SIZE_PACE } from '../../../src/face/engine/window-pace.ts';
import { type PlanState, planWindow } from '../../../src/face/engine/window-plan.ts';

const FRAME_MS = 1000 / 30;

function state(change: Partial<PlanState>): PlanState {
  return {
    windowFrames: 64,
    pace: FULL_SIZE_PACE,
    holdBackFrames: 3,
    hopFrames: 15,
    heard: 0,
    ended: false,
    predicted: 0,
    emitted: 0,
    nowMs: 0,
    dueAt: () => Number.POSITIVE_INFINITY,
    windowMs: { p50: 100, p95: 150 },
    ...change,
  };
}

test('the first window waits for 267 ms of sound, or for the end', () => {
  assert.equal(planWindow(state({ heard: 7 })).kind, 'wait');
  assert.equal(planWindow(state({ heard: 8 })).kind, 'run');
  assert.equal(planWindow(state({ heard: 2, ended: true })).kind, 'run');
});

test('the last window of a turn sees 200 ms of silence after it', () => {
  const plan = planWindow(state({ heard: 40, ended: true, predicted: 30, emitted: 27 }));
  assert.ok(plan.kind === 'run' && plan.endFrame === 46 && plan.firstNewFrame === 27);
});

test('after all of the sound was covered, nothing is run', () => {
  const plan = planWindow(state({ heard: 40, ended: true, predicted: 40, emitted: 37 }));
  assert.deepEqual(plan, { kind: 'wait', untilMs: Number.POSITIVE_INFINITY });
});

test('sound far ahead is taken at once, as much as fits beside some past', () => {
  const plan = planWindow(state({ heard: 300, predicted: 64, emitted: 61 }));
  assert.ok(plan.kind === 'run' && plan.endFrame === 61 + 64 - 12);
});

test('a frame that would be late is worth a shorter hop, if it can still be in time', () => {
  const base = { heard: 30, predicted: 20, emitted: 17 };
  const dueIn = (ms: number) =>
    planWindow(state({ ...base, dueAt: (frame) => ms + (frame - 17) * FRAME_MS }));
  assert.equal(dueIn(200).kind, 'run');
  assert.equal(dueIn(50).kind, 'wait', 'it is lost already');
  const later = dueIn(400);
  assert.ok(later.kind === 'wait' && Math.abs(later.untilMs - (400 - 150 - 2 * FRAME_MS)) < 1e-6);
});

test('a voice none of whose new frames can be in time takes few windows, until its sound runs ahead', () => {
  const lateBy = (ms: number, heard: number) =>
    planWindow(
      state({ heard, predicted: 20, emitted: 17, dueAt: (frame) => (frame - heard) * FRAME_MS - ms }),
    );
  assert.equal(lateBy(0, 40).kind, 'wait');
  assert.equal(lateBy(0, 69).kind, 'run');
  assert.equal(lateBy(-600, 40).kind, 'run');
});

test('a voice that has fallen a whole window behind skips to its newest sound', () => {
  const plan = planWindow(
    state({ heard: 300, predicted: 64, emitted: 61, nowMs: 20_000, dueAt: (frame) => frame * FRAME_MS }),
  );
  assert.ok(plan.kind === 'run' && plan.endFrame === 300);
});

test('a window always brings new frames, holds its first new frame, and never reaches beyond the sound and its tail', () => {
  const count = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(
      count,
      count,
      count,
      fc.boolean(),
      fc.integer({ min: 4, max: 64 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: -5000, max: 20_000 }),
      (fresh, predicted, held, ended, windowFrames, holdBackFrames, dueMs) => {
        const heard = predicted + fresh;
        const emitted = Math.max(0, predicted - Math.min(held, 6));
        const dueAt = (frame: number) => dueMs + (frame - emitted) * FRAME_MS;
        const plan = planWindow(
          state({ heard, predicted, emitted, ended, windowFrames, holdBackFrames, dueAt }),
        );
        if (plan.kind === 'wait') {
          assert.ok(plan.untilMs > 0);
          return;
        }
        assert.ok(plan.endFrame > Math.min(predicted, plan.firstNewFrame));
        assert.ok(plan.endFrame <= heard + (ended ? 6 : 0));
        assert.ok(plan.firstNewFrame >= emitted);
      },
    ),
  );
});

test('where playback is about to pass what was heard, a window foresees some frames; nowhere else', () => {
  const pace = { ...FULL_SIZE_PACE, wholeWindows: false, leastHopFrames: 6, foreseenFrames: 6 };
  const plan = (change: Partial<PlanState>) =>
    planWindow(
      state({
        pace,
        hopFrames: 6,
        heard: 40,
        predicted: 34,
        emitted: 39,
        windowMs: { p50: 2, p95: 3 },
        dueAt: (frame) => (frame - 39) * FRAME_MS,
        ...change,
      }),
    );
  const pressing = plan({});
  assert.ok(pressing.kind === 'run' && pressing.endFrame === 46 && pressing.heardFrame === 40);
  const ahead = plan({ heard: 60, dueAt: (frame) => (frame - 30) * FRAME_MS });
  assert.ok(ahead.kind === 'run' && ahead.endFrame === 60 && ahead.heardFrame === 60);
  const last = plan({ ended: true });
  assert.ok(
    last.kind === 'run' && last.endFrame === 46 && last.heardFrame === 40,
    'that is the silence after it',
  );
  assert.equal(plan({ predicted: 35 }).kind, 'wait', 'five frames are no hop');
});
