import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Transcript } from '../../src/session/transcript.ts';

const RATE = 16_000;

function voice(ms: number): Int16Array {
  return Int16Array.from({ length: (ms * RATE) / 1000 }, (_, at) => 9000 * Math.sin(at / 5));
}

function silence(ms: number): Int16Array {
  return new Int16Array((ms * RATE) / 1000);
}

test('once all is there, words are spread over the sound, not over a constant', () => {
  const transcript = new Transcript(RATE, 1000);
  transcript.addText('aaaa bbbb cccc dddd ');
  transcript.addSound(voice(2000));
  transcript.end();
  const starts = transcript.due(Number.POSITIVE_INFINITY).map(({ startMs }) => startMs);
  assert.deepEqual(starts, [0, 500, 1000, 1500]);
});

test('words do not run on through a pause', () => {
  const transcript = new Transcript(RATE, 16);
  transcript.addText('aaaa bbbb cccc dddd ');
  transcript.addSound(voice(1000));
  transcript.addSound(silence(3000));
  transcript.addSound(voice(1000));
  transcript.end();
  const words = transcript.due(Number.POSITIVE_INFINITY);
  assert.deepEqual(
    words.map(({ startMs }) => startMs),
    [0, 500, 4000, 4500],
  );
});

test('before the sound is there, the rate stands in', () => {
  const transcript = new Transcript(RATE, 10);
  transcript.addText('aaaa bbbb cccc ');
  assert.deepEqual(
    transcript.due(600).map(({ text, startMs }) => [text, startMs]),
    [
      ['aaaa', 0],
      [' bbbb', 500],
    ],
  );
  assert.deepEqual(transcript.due(1000), []);
});

test('what was sent stays; the rest is spread over what is left of the sound', () => {
  const transcript = new Transcript(RATE, 10);
  transcript.addText('aaaa bbbb cccc dddd ');
  transcript.due(600); // aaaa at 0, bbbb at 500, by the rate
  transcript.addSound(voice(3500));
  transcript.end();
  assert.deepEqual(
    transcript.due(Number.POSITIVE_INFINITY).map(({ startMs }) => startMs),
    [1500, 2500],
  );
});

test('moments the agent names are kept', () => {
  const transcript = new Transcript(RATE, 16);
  transcript.addText('aaaa bbbb ', 0);
  transcript.addSound(voice(1000));
  transcript.addText('cccc dddd ', 1000);
  transcript.addSound(voice(4000));
  transcript.end();
  assert.deepEqual(
    transcript.due(Number.POSITIVE_INFINITY).map(({ startMs }) => startMs),
    [0, 500, 1000, 3000],
  );
});

test('the words heard are those that began before the cut, of those given out', () => {
  const transcript = new Transcript(RATE, 10);
  transcript.addText('aaaa bbbb cccc dddd ');
  transcript.due(1200);
  assert.equal(transcript.heard(0), '');
  assert.equal(transcript.heard(501), 'aaaa bbbb');
  assert.equal(transcript.heard(9999), 'aaaa bbbb cccc');
  assert.equal(transcript.text, 'aaaa bbbb cccc dddd');
});

test('every word is given out once, in order, within the sound, whatever comes when', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('text' as const),
      text: fc.constantFrom('a ', 'bb', ' ccc ', 'd. ', '  '),
    }),
    fc.record({
      kind: fc.constant('sound' as const),
      ms: fc.integer({ min: 0, max: 400 }),
      loud: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('due' as const), aheadMs: fc.integer({ min: 0, max: 500 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const transcript = new Transcript(RATE, 16);
      const given: { text: string; startMs: number; endMs: number }[] = [];
      let soundMs = 0;
      let playedMs = 0;
      for (const next of steps) {
        if (next.kind === 'text') transcript.addText(next.text);
        if (next.kind === 'sound') {
          transcript.addSound(next.loud ? voice(next.ms) : silence(next.ms));
          soundMs += next.ms;
        }
        if (next.kind === 'due') {
          playedMs = Math.min(soundMs, playedMs + next.aheadMs);
          given.push(...transcript.due(playedMs));
        }
      }
      transcript.end();
      given.push(...transcript.due(Number.POSITIVE_INFINITY));
      assert.equal(
        given
          .map(({ text }) => text)
          .join('')
          .replace(/\s+/g, ''),
        transcript.text.replace(/\s+/g, ''),
      );
      for (const [index, { startMs, endMs }] of given.entries()) {
        assert.ok(startMs >= (given[index - 1]?.startMs ?? 0) && endMs >= startMs);
        assert.ok(startMs <= soundMs + 1e-6, `${startMs} of ${soundMs}`);
      }
    }),
  );
});

test('tens of thousands of words, each at a moment of its own, are given out at once', () => {
  const transcript = new Transcript(1000, 15);
  for (let word = 0; word < 20_000; word += 1) transcript.addText('w ', word * 10);
  transcript.addSound(new Int16Array(200_000).fill(9000));
  transcript.end();
  const given = transcript.due(Number.POSITIVE_INFINITY);
  assert.equal(given.length, 20_000);
  assert.deepEqual(
    given.map(({ startMs }) => Math.round(startMs)),
    given.map((_, word) => word * 10),
  );
  assert.deepEqual(transcript.due(Number.POSITIVE_INFINITY), []);
});
