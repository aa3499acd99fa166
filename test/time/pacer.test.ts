import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FRAME_RATES } from '../../src/config/face-settings.ts';
import { Pacer, START_FRAMES } from '../../src/time/pacer.ts';

const LEAD_MS = 400;
const FRAME_MS = 1000 / 30;

/** Sends every frame as early as it may go, from `startMs` on; gives the times. */
function sendAll(pacer: Pacer, frames: number, startMs: number): number[] {
  const sentAt: number[] = [];
  for (let nowMs = startMs; sentAt.length < frames; ) {
    nowMs = Math.max(nowMs, pacer.nextSendAt(nowMs));
    pacer.frameSent(nowMs);
    sentAt.push(nowMs);
  }
  return sentAt;
}

function assertNear(actual: number, expected: number, withinMs = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= withinMs, `${actual} is not ${expected}`);
}

test('the first frame may go at once, whatever the time', () => {
  assert.equal(new Pacer({ fps: 30, leadMs: LEAD_MS }).nextSendAt(123_456), 123_456);
});

test('the lead goes out at once, then one frame after the other in real time', () => {
  const sentAt = sendAll(new Pacer({ fps: 30, leadMs: LEAD_MS }), 30, 5000);
  assert.deepEqual(sentAt.slice(0, 13), Array(13).fill(5000));
  for (let frame = 13; frame < 30; frame += 1) {
    assertNear(sentAt[frame] ?? 0, 5000 + frame * FRAME_MS - LEAD_MS);
  }
});

test('a turn of ten minutes ends on time to the millisecond, at every frame rate', () => {
  for (const fps of FRAME_RATES) {
    const pacer = new Pacer({ fps, leadMs: LEAD_MS });
    const frames = 600 * fps + 1;
    const sentAt = sendAll(pacer, frames, 77);
    assertNear(sentAt.at(-1) ?? 0, 77 + 600_000 - LEAD_MS, 1e-3);
    assert.equal(pacer.sent, frames);
    assertNear(pacer.sentMs, 600_000 + 1000 / fps, 1e-3);
  }
});

test('timers that come a little late make no drift', () => {
  const pacer = new Pacer({ fps: 30, leadMs: LEAD_MS });
  let nowMs = 0;
  for (let frame = 0; frame < 3000; frame += 1) {
    nowMs = Math.max(nowMs, pacer.nextSendAt(nowMs)) + (frame > 20 ? 7 : 0);
    pacer.frameSent(nowMs);
  }
  assertNear(pacer.nextSendAt(nowMs), 3000 * FRAME_MS - LEAD_MS);
});

/** Delays (ms) between the time a frame may go and the time it does: mostly jitter, now and then a stall. */
const delays = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 30, noNaN: true }) },
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.double({ min: 30, max: 3000, noNaN: true }) },
  ),
  { minLength: 1, maxLength: 200 },
);

test('whatever the delays, the frames of any span of time never exceed it by more than the lead', () => {
  fc.assert(
    fc.property(
      delays,
      fc.constantFrom(...FRAME_RATES),
      fc.constantFrom(0, 100, 400),
      (waits, fps, leadMs) => {
        const pacer = new Pacer({ fps, leadMs });
        const sentAt: number[] = [];
        let nowMs = 0;
        for (const wait of waits) {
          nowMs = Math.max(nowMs, pacer.nextSendAt(nowMs)) + wait;
          pacer.frameSent(nowMs);
          sentAt.push(nowMs);
        }
        // Up to 100 ms of lateness is jitter, to be caught up with; beyond, the schedule goes on from there.
        const mostMs = leadMs + 100 + 1000 / fps;
        for (const [from, fromAt] of sentAt.entries()) {
          for (const [to, toAt] of sentAt.entries()) {
            if (to < from) continue;
            const playbackMs = ((to - from + 1) * 1000) / fps;
            assert.ok(playbackMs <= toAt - fromAt + mostMs + 1e-6, `frames ${from} to ${to}`);
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('whatever the delays, nobody is said to have heard what was not sent, nor to have unheard anything', () => {
  fc.assert(
    fc.property(delays, fc.double({ min: 0, max: 500, noNaN: true }), (waits, peekMs) => {
      const pacer = new Pacer({ fps: 30, leadMs: LEAD_MS });
      let nowMs = 0;
      let heardMs = 0;
      for (const wait of waits) {
        const before = nowMs;
        nowMs = Math.max(nowMs, pacer.nextSendAt(nowMs)) + wait;
        for (const atMs of [Math.min(nowMs, before + peekMs), nowMs]) {
          const playedMs = pacer.playedMs(atMs);
          // A client that ran dry and starts again is a hearing delay (60 ms) behind once more: low, never high.
          assert.ok(playedMs >= heardMs - 60 - 1e-6, `went back from ${heardMs} to ${playedMs}`);
          assert.ok(playedMs >= 0 && playedMs <= pacer.sentMs);
          heardMs = playedMs;
        }
        pacer.frameSent(nowMs);
      }
    }),
  );
});

test('the client is silent until it has three frames, then plays in real time, a little late', () => {
  const pacer = new Pacer({ fps: 30, leadMs: LEAD_MS });
  for (let frame = 0; frame < START_FRAMES - 1; frame += 1) pacer.frameSent(0);
  assert.equal(pacer.runsDryAt(), Infinity);
  assert.equal(pacer.playedMs(5000), 0);
  pacer.frameSent(200);
  assert.equal(pacer.playedMs(200), 0);
  assertNear(pacer.playedMs(200 + 90), 30);
  assertNear(pacer.playedMs(10_000), 100);
  assertNear(pacer.runsDryAt(), 300);
  assert.ok(pacer.playedOutAt(200) > 300);
});

test('a turn too short to be played has nothing to play out', () => {
  const pacer = new Pacer({ fps: 30, leadMs: LEAD_MS });
  pacer.frameSent(10);
  assert.equal(pacer.playedOutAt(50), 50);
});

test('after a stall the schedule goes on from there, with the lead but no burst to catch up', () => {
  const pacer = new Pacer({ fps: 30, leadMs: LEAD_MS });
  sendAll(pacer, 60, 0);
  const [first, ...rest] = sendAll(pacer, 40, 60_000);
  assert.equal(first, 60_000);
  assert.equal(rest.filter((atMs) => atMs === 60_000).length, 12);
  assertNear(rest.at(-1) ?? 0, 60_000 + 39 * FRAME_MS - LEAD_MS);
});

test('after a stall the client is thought to go on from what it had played', () => {
  const pacer = new Pacer({ fps: 30, leadMs: LEAD_MS });
  sendAll(pacer, 60, 0);
  assertNear(pacer.playedMs(60_000), 2000);
  pacer.frameSent(60_000);
  assertNear(pacer.playedMs(60_000), 1940);
  assertNear(pacer.playedMs(60_093), 2033);
  assertNear(pacer.runsDryAt(), 60_000 + FRAME_MS);
});
