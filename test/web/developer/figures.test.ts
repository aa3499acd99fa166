import '../../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const { TurnBook } = await import('../../../web/developer/turn-book.ts');
const { RoundTrips } = await import('../../../web/developer/round-trips.ts');
const { PictureRate } = await import('../../../web/developer/picture-rate.ts');

const FRAME_MS = 40;

/** Frames of a turn that come at these times (ms), with so much sound ready before each. */
function turnOf(arrivals: readonly (readonly [place: number, atMs: number, leadMs?: number])[]) {
  const book = new TurnBook();
  book.asked('text', 1000);
  book.began('a');
  for (const [place, atMs, leadMs = 100] of arrivals) book.arrived('a', place, FRAME_MS, leadMs, atMs);
  return { book, figures: () => book.turns[0] };
}

describe('the figures of a turn', () => {
  it('count from the question’s end to the first frame, and to the first sound heard', () => {
    const { book, figures } = turnOf([
      [0, 1210],
      [1, 1215],
    ]);
    book.heard('a', 0, 1300);
    book.heard('a', 40, 1340);
    assert.equal(figures()?.firstFrameMs, 210);
    assert.equal(figures()?.firstSoundMs, 300);
    assert.equal(figures()?.asked, 'text');
  });

  it('count from the end of speech, rather than from the echo that comes later', () => {
    const book = new TurnBook();
    book.asked('speech_end', 500);
    book.asked('echo', 800);
    book.began('a');
    book.arrived('a', 0, FRAME_MS, 0, 900);
    assert.deepEqual([book.turns[0]?.asked, book.turns[0]?.firstFrameMs], ['speech_end', 400]);
  });

  it('count from the echo where nothing better is known, but never from one that comes after its answer', () => {
    const book = new TurnBook();
    book.asked('echo', 100);
    book.began('a');
    book.arrived('a', 0, FRAME_MS, 0, 130);
    book.asked('echo', 140); // of the question that is being answered
    book.complete('a');
    book.began('b');
    book.arrived('b', 0, FRAME_MS, 0, 2000);
    assert.deepEqual(
      book.turns.map(({ firstFrameMs }) => firstFrameMs),
      [30, undefined],
    );
  });

  it('do not take frames that are sent ahead of time for jitter, only those that come late', () => {
    const ahead = Array.from({ length: 10 }, (_, place) => [place, 1000 + place] as const);
    const punctual = Array.from({ length: 90 }, (_, count) => [10 + count, 1010 + FRAME_MS * count] as const);
    assert.ok((turnOf([...ahead, ...punctual]).figures()?.jitterMs ?? 99) < 0.001);
    // Every tenth is 25 ms late.
    const uneven = punctual.map(([place, atMs]) => [place, atMs + (place % 10 === 0 ? 25 : 0)] as const);
    const jitterMs = turnOf([...ahead, ...uneven.slice(1)]).figures()?.jitterMs ?? 0;
    assert.ok(Math.abs(jitterMs - 25) < 0.001, `${jitterMs}`);
  });

  it('count frames that are lost, double and late', () => {
    const { book, figures } = turnOf([
      [5, 1000, 0], // a server may count from elsewhere
      [6, 1001, 0],
    ]);
    book.heard('a', 0, 1002);
    book.arrived('a', 6, FRAME_MS, 30, 1003);
    book.arrived('a', 9, FRAME_MS, 0, 1200);
    book.arrived('a', 8, FRAME_MS, 12, 1201);
    const { frames, lost, duplicates, late, leastLeadMs, meanLeadMs } = figures() ?? {};
    assert.deepEqual(
      { frames, lost, duplicates, late, leastLeadMs, meanLeadMs },
      { frames: 4, lost: 1, duplicates: 1, late: 1, leastLeadMs: 0, meanLeadMs: 6 },
    );
  });

  it('say how a turn ended, and forget the oldest', () => {
    const book = new TurnBook();
    for (let turn = 0; turn < 30; turn += 1) {
      book.began(`t${turn}`);
      book.underran(`t${turn}`);
      book.ended(`t${turn}`, 100 * turn, turn % 2 === 1);
    }
    const { turns } = book;
    assert.equal(turns.length, 12);
    assert.deepEqual(
      [turns.at(-1)?.number, turns.at(-1)?.state, turns.at(-1)?.heardMs, turns.at(-1)?.underruns],
      [30, 'cut', 2900, 1],
    );
  });
});

describe('the round trip', () => {
  it('pairs pongs with pings in their order, and forgets what a lost connection was asked', () => {
    const trips = new RoundTrips();
    trips.asked(0);
    trips.asked(10);
    trips.answered(25);
    trips.answered(30);
    assert.deepEqual([trips.lastMs, trips.medianMs], [20, 25]);
    trips.asked(100);
    trips.lose();
    trips.asked(500);
    trips.answered(507);
    assert.equal(trips.lastMs, 7);
    trips.answered(900); // a pong that nobody asked for
    assert.equal(trips.lastMs, 7);
  });
});

describe('the rate of pictures', () => {
  it('is how many were drawn in the last second', () => {
    const rate = new PictureRate();
    for (let atMs = 0; atMs <= 5000; atMs += 40) rate.drew(atMs);
    assert.equal(rate.perSecond(5000), 25);
    assert.equal(rate.perSecond(7000), 0);
  });
});
