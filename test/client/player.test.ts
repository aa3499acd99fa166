import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { HeardFrame, TurnEnd } from '../../client/src/index.ts';
import type { Output } from '../../client/src/playback/output.ts';
import { Player } from '../../client/src/playback/player.ts';
import type { FaultKind } from '../../client/src/wire/fault.ts';
import type { Frame } from '../../client/src/wire/messages.ts';

const RATE = 24_000;
const FRAME = 800;
const LATENCY = 1200;

/** A loudspeaker on a clock of the test's own, which keeps what it is given. */
function fakeOutput(sampleRate: number) {
  const clock = { now: 0 };
  const played: { readonly samples: Float32Array; readonly startAt: number; readonly begins: boolean }[] = [];
  const stops: number[] = [];
  const output: Output = {
    ...{
      sampleRate,
      block: 240,
      running: true,
      now: () => clock.now,
      latency: () => LATENCY,
      onChange: () => undefined,
    },
    ...{ resume: () => Promise.resolve(), close: () => undefined },
    voice: () => ({
      play: (samples, startAt, begins) => played.push({ samples, startAt, begins }),
      stop: (at) => stops.push(at),
    }),
  };
  return { clock, played, stops, output };
}

const frame = (frameIndex: number, jawOpen = 0): Frame => ({
  ...{ type: 'sync_frame', turnId: 'a', frameIndex, weights: { jawOpen }, visemes: undefined },
  ...{ pcm: new Int16Array(FRAME).fill(1000 + frameIndex), filler: false },
});

describe('the player', () => {
  let fake: ReturnType<typeof fakeOutput>;
  let player: Player;
  let frames: HeardFrame[];
  let ends: TurnEnd[];
  let progress: number[];
  let faults: FaultKind[];

  function make(outputRate = RATE): void {
    fake = fakeOutput(outputRate);
    [frames, ends, progress, faults] = [[], [], [], []];
    player = new Player(
      () => fake.output,
      {
        onFrame: (each) => frames.push(each),
        onProgress: (_, heardMs) => progress.push(heardMs),
        onTurnEnd: (end) => ends.push(end),
        onUnderrun: () => undefined,
        onLocked: () => undefined,
      },
      (kind) => faults.push(kind),
    );
  }

  /** Lets the sound go on. */
  function goOn(samples: number): void {
    fake.clock.now += samples;
    player.heard();
  }

  beforeEach(() => make());
  afterEach(() => player.close());

  it('says what will be heard when a picture that takes a while is seen, as far as that has come', () => {
    player.begin('a', RATE);
    for (const index of [0, 1, 2]) player.push(frame(index, index / 10));
    player.complete();
    goOn(fake.played[0]?.startAt ?? 0);
    goOn(LATENCY + 1);
    assert.ok(Math.abs((player.heard()?.weights.jawOpen ?? 1) - 0) < 1e-3);
    assert.ok(Math.abs((player.heard(50)?.weights.jawOpen ?? 0) - 0.15) < 1e-3);
    assert.equal(player.heard(5000)?.offsetMs, player.heard()?.offsetMs);
  });

  it('tells a frame when the ear hears it, not when it is put out', () => {
    player.begin('a', RATE);
    for (const index of [0, 1, 2]) player.push(frame(index));
    const startAt = fake.played[0]?.startAt ?? 0;
    fake.clock.now = startAt + LATENCY - 1;
    assert.equal(player.heard(), undefined);
    assert.equal(frames.length, 0);
    goOn(1);
    assert.deepEqual(
      frames.map(({ frameIndex, offsetMs }) => [frameIndex, offsetMs]),
      [[0, 0]],
    );
    goOn(FRAME);
    assert.equal(frames.length, 2);
  });

  it('shows the face between two frames’ by how much of the first has been heard', () => {
    player.begin('a', RATE);
    for (const index of [0, 1, 2]) player.push(frame(index, index / 2));
    fake.clock.now = (fake.played[0]?.startAt ?? 0) + LATENCY + FRAME / 4;
    assert.deepEqual(player.heard(), {
      ...{ turnId: 'a', offsetMs: 1000 * (FRAME / 4 / RATE), visemes: undefined },
      weights: { jawOpen: 0.125 },
    });
  });

  it('goes on where it was after an underrun: led in, counted, the position never back', () => {
    player.begin('a', RATE);
    for (const index of [0, 1, 2]) player.push(frame(index));
    for (let step = 0; step < 20; step += 1) goOn(400);
    assert.equal(player.heard(), undefined);
    assert.equal(player.speaking, true);
    for (const index of [3, 4, 5, 6, 7, 8]) player.push(frame(index));
    assert.equal(player.underruns, 1);
    assert.deepEqual(fake.played.map(({ begins }) => begins).indexOf(true), 3);
    player.complete();
    for (let step = 0; step < 30; step += 1) goOn(400);
    assert.deepEqual(
      progress,
      [...progress].sort((a, b) => a - b),
    );
    assert.deepEqual(ends, [{ turnId: 'a', heardMs: 300, cut: false }]);
  });

  it('waits for more frames after it has run dry', () => {
    assert.equal(player.startFrames, 3);
    player.begin('a', RATE);
    for (const index of [0, 1, 2]) player.push(frame(index));
    goOn(10 * FRAME);
    for (const index of [3, 4, 5]) player.push(frame(index));
    assert.ok(player.startFrames > 3, String(player.startFrames));
  });

  it('stops at once when told by the user, where told by the server, but never much later than now', () => {
    for (const [offsetMs, onMs] of [
      [undefined, 0],
      [0, 0],
      [150, 50],
      [5000, 80],
    ] as const) {
      make();
      player.begin('a', RATE);
      for (let index = 0; index < 30; index += 1) player.push(frame(index));
      fake.clock.now = (fake.played[0]?.startAt ?? 0) + 3 * FRAME; // 100 ms are out
      const end = player.cut('a', offsetMs);
      assert.deepEqual(fake.stops, [fake.clock.now + (onMs * RATE) / 1000]);
      assert.deepEqual(end, { turnId: 'a', heardMs: 100 + onMs, cut: true });
      assert.equal(player.heard(), undefined);
      assert.equal(player.speaking, false);
    }
  });

  it('ends a turn once where it is interrupted after its end that nobody has looked at yet', () => {
    for (const turnId of [undefined, 'a']) {
      make();
      player.begin('a', RATE);
      for (const index of [0, 1, 2]) player.push(frame(index));
      player.complete();
      fake.clock.now = 20 * FRAME;
      assert.equal(player.cut(turnId), undefined);
      assert.deepEqual(ends, [{ turnId: 'a', heardMs: 100, cut: false }]);
    }
  });

  it('does not stop the turn that comes where one that has ended by then is interrupted', () => {
    player.begin('a', RATE);
    for (const index of [0, 1, 2]) player.push(frame(index));
    player.begin('b', RATE);
    for (let index = 0; index < 30; index += 1) player.push({ ...frame(index), turnId: 'b' });
    fake.clock.now = (fake.played[0]?.startAt ?? 0) + 6 * FRAME + LATENCY;
    player.cut('a');
    assert.equal(player.turnId, 'b');
    assert.deepEqual(fake.stops, []);
  });

  it('plays a turn of another rate as one stream of the output’s', () => {
    make(2 * RATE);
    player.begin('a', RATE);
    for (let index = 0; index < 30; index += 1) player.push(frame(index));
    player.complete();
    const total = fake.played.reduce((sum, { samples }) => sum + samples.length, 0);
    assert.equal(total, 2 * 30 * FRAME);
    fake.played.slice(1).forEach(({ startAt }, index) => {
      const before = fake.played[index];
      assert.equal(startAt, (before?.startAt ?? 0) + (before?.samples.length ?? 0));
    });
    goOn(100 * FRAME);
    assert.equal(frames.length, 30, 'the resampler’s rest is no frame');
  });

  it('puts silence of the same length where frames were lost, so that words keep their time', () => {
    player.begin('a', RATE);
    for (const index of [0, 1, 4, 5, 6]) player.push(frame(index));
    assert.deepEqual(
      fake.played.map(({ samples }) => (samples[0] ?? 0) > 0),
      [true, true, false, false, true, true, true].slice(0, fake.played.length),
    );
    player.complete();
    assert.equal(fake.played.length, 7);
    assert.deepEqual(faults, ['frame_missing']);
  });

  it('does not hold more sound than ten minutes', () => {
    player.begin('a', RATE);
    const long = { pcm: new Int16Array(60 * RATE) };
    for (let index = 0; index < 11; index += 1) player.push({ ...frame(index), ...long });
    assert.deepEqual(faults, ['overflow']);
  });
});
