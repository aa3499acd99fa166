import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameOrder } from '../../client/src/playback/frame-order.ts';
import type { FaultKind } from '../../client/src/wire/fault.ts';
import type { Frame } from '../../client/src/wire/messages.ts';

const frame = (frameIndex: number | undefined): Frame => ({
  ...{ type: 'sync_frame', turnId: 'a', frameIndex, weights: {}, visemes: undefined },
  ...{ pcm: new Int16Array(800), filler: false },
});

/** The order frames come out in; a number below 0 stands for so many that never came. */
function order(indexes: readonly (number | undefined)[]) {
  const faults: FaultKind[] = [];
  const frames = new FrameOrder((kind) => faults.push(kind));
  const ready = [...indexes.flatMap((index) => frames.take(frame(index))), ...frames.end()];
  const out = ready.flatMap(({ frame: { frameIndex }, missing }) =>
    missing > 0 ? [-missing, frameIndex] : [frameIndex],
  );
  return { out, faults };
}

describe('the order of frames', () => {
  it('is that of their numbers, each once', () => {
    assert.deepEqual(order([0, 2, 1, 1, 3, 0, 4]), {
      out: [0, 1, 2, 3, 4],
      faults: ['frame_twice', 'frame_twice'],
    });
  });

  it('gives a lost frame up after three others, and says how many are missing', () => {
    assert.deepEqual(order([0, 1, 4, 5, 6, 2, 7]), {
      out: [0, 1, -2, 4, 5, 6, 7],
      faults: ['frame_missing', 'frame_twice'],
    });
  });

  it('takes the beginning as it comes, wherever the count begins', () => {
    assert.deepEqual(order([500, 501, 502, 503]), { out: [500, 501, 502, 503], faults: [] });
  });

  it('does not fill a gap that is no loss', () => {
    assert.deepEqual(order([0, 9000, 9001, 9002]), { out: [0, 9000, 9001, 9002], faults: ['frame_missing'] });
  });

  it('takes frames without numbers as they come', () => {
    assert.deepEqual(order([undefined, undefined]).out, [undefined, undefined]);
  });

  it('rises, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), (indexes) => {
        const out = order(indexes).out.filter((index) => index !== undefined && index >= 0) as number[];
        assert.deepEqual(
          out,
          [...new Set(out)].sort((a, b) => a - b),
        );
      }),
    );
  });

  it('holds every frame that is at most two places late', () => {
    const late = fc.array(fc.nat(2), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(late, (delays) => {
        const sent = delays.map((delay, index) => ({ index, at: index + delay }));
        const came = sent.toSorted((a, b) => a.at - b.at || b.index - a.index).map(({ index }) => index);
        assert.deepEqual(order(came), { out: delays.map((_, index) => index), faults: [] });
      }),
    );
  });
});
