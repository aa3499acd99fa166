import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Placed, Schedule } from '../../client/src/playback/schedule.ts';

const MARGINS = { startDelay: 480, guard: 384 };
const DEPTH = 3;

/** Plays a turn whose pieces arrive at these times (samples), on a clock of our own. */
function play(arrivals: readonly { readonly afterSamples: number; readonly length: number }[]) {
  const schedule = new Schedule<number>(MARGINS);
  const placed: Placed<number>[] = [];
  const heard: number[] = [];
  const started: number[] = [];
  let now = 0;
  schedule.begin('a', now);
  const listen = () => {
    started.push(...schedule.started(now).map(({ content }) => content));
    heard.push(schedule.sounded('a', now));
    schedule.forget(now);
  };
  arrivals.forEach(({ afterSamples, length }, index) => {
    now += afterSamples;
    listen();
    const given = schedule.add(index, length, DEPTH, now);
    for (const { startAt } of given) assert.ok(startAt >= now + MARGINS.guard, 'too late to be played');
    placed.push(...given);
  });
  placed.push(...schedule.complete(now));
  while (!schedule.endsBy('a', now)) {
    now += 500;
    listen();
  }
  return { schedule, placed, heard, started };
}

const arrivals = fc.array(
  fc.record({ afterSamples: fc.integer({ min: 0, max: 4000 }), length: fc.integer({ min: 1, max: 1600 }) }),
  { minLength: 1, maxLength: 60 },
);

describe('the schedule', () => {
  it('plays every sample once, in order, and what arrives in time without a seam', () => {
    fc.assert(
      fc.property(arrivals, (pieces) => {
        const { placed, schedule } = play(pieces);
        assert.deepEqual(
          placed.map(({ content }) => content),
          pieces.map((_, index) => index),
        );
        let offset = 0;
        let end = 0;
        for (const piece of placed) {
          assert.equal(piece.offset, offset);
          assert.equal(piece.length, pieces[piece.content]?.length);
          if (piece.from === undefined) assert.equal(piece.startAt, end, 'a seam');
          else assert.ok(piece.startAt >= end, 'an overlap');
          offset += piece.length;
          end = piece.startAt + piece.length;
        }
        const seams = placed.filter(({ from }) => from === 'underrun').length;
        assert.equal(schedule.underruns, seams);
        assert.equal(placed[0]?.from, 'silence');
      }),
    );
  });

  it('never lets the heard position go back, and ends it with all that came', () => {
    fc.assert(
      fc.property(arrivals, (pieces) => {
        const { heard } = play(pieces);
        assert.deepEqual(
          heard,
          [...heard].sort((a, b) => a - b),
        );
        assert.equal(
          heard.at(-1),
          pieces.reduce((sum, { length }) => sum + length, 0),
        );
      }),
    );
  });

  it('tells each piece once as it begins to be heard, in order', () => {
    fc.assert(
      fc.property(arrivals, (pieces) => {
        assert.deepEqual(
          play(pieces).started,
          pieces.map((_, index) => index),
        );
      }),
    );
  });

  it('waits for some pieces before sound starts, but not when no more will come', () => {
    const schedule = new Schedule<string>(MARGINS);
    schedule.begin('a', 0);
    assert.deepEqual(schedule.add('one', 800, DEPTH, 0), []);
    assert.deepEqual(schedule.add('two', 800, DEPTH, 0), []);
    assert.equal(schedule.at(10_000), undefined);
    assert.deepEqual(
      schedule.complete(1000).map(({ content, startAt }) => [content, startAt]),
      [
        ['one', 1480],
        ['two', 2280],
      ],
    );
  });

  it('plays what has come of a turn before the next one begins', () => {
    const schedule = new Schedule<string>(MARGINS);
    schedule.begin('a', 0);
    schedule.add('of a', 800, DEPTH, 0);
    assert.equal(schedule.begin('b', 100)[0]?.content, 'of a');
    const [first] = [1, 2, 3].flatMap((count) => schedule.add(`of b ${count}`, 800, DEPTH, 200));
    assert.deepEqual([first?.turnId, first?.startAt, first?.offset], ['b', 580 + 800, 0]);
  });

  it('cuts a turn where it is told, and says how much of it will have been heard', () => {
    const schedule = new Schedule<string>(MARGINS);
    schedule.begin('a', 0);
    for (const name of ['one', 'two', 'three', 'four']) schedule.add(name, 800, DEPTH, 0);
    assert.equal(schedule.at(480 + 900)?.piece.content, 'two');
    assert.equal(schedule.cut('a', 480 + 900), 900);
    assert.equal(schedule.at(480 + 900), undefined);
    assert.deepEqual(schedule.add('late', 800, DEPTH, 1500), []);
    assert.equal(schedule.endsBy('a', 1500), true);
  });

  it('says what sounds, how far into it, and what follows', () => {
    const schedule = new Schedule<string>(MARGINS);
    schedule.begin('a', 0);
    for (const name of ['one', 'two', 'three']) schedule.add(name, 800, DEPTH, 0);
    const position = schedule.at(480 + 900.5);
    assert.deepEqual(
      [position?.piece.content, position?.next?.content, position?.into],
      ['two', 'three', 100.5],
    );
    assert.equal(schedule.at(479), undefined);
  });
});
