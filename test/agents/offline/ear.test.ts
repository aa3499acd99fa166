import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Ear } from '../../../src/agents/offline/ear.ts';
import { concatPcm } from '../../../src/audio/pcm.ts';
import { babble, cutRandomly, noise, seededRandom, silence, vowel } from '../../support/sounds.ts';

const RATE = 24_000;

/** An ear, and what it notices: 'speech', or how many milliseconds were said. */
function ear() {
  const heard: (string | number)[] = [];
  const utterances: Int16Array[] = [];
  const listening = new Ear(RATE, {
    onSpeech: () => heard.push('speech'),
    onUtterance: (pcm) => {
      utterances.push(pcm);
      heard.push(Math.round((pcm.length * 1000) / RATE));
    },
  });
  return { listening, heard, utterances };
}

function room(seconds: number): Int16Array {
  return noise(RATE, seconds, 0.0017);
}

const SENTENCE = vowel(RATE, 1, [750, 1200]);

/** Where `part` stands in `whole`, or -1. */
function positionOf(part: Int16Array, whole: Int16Array): number {
  const bytes = (pcm: Int16Array) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return bytes(whole).indexOf(bytes(part)) / 2;
}

test('what was said is told once, after who said it has been quiet for 600 ms', () => {
  const { listening, heard } = ear();
  listening.push(room(1));
  assert.deepEqual(heard, []);
  listening.push(SENTENCE);
  assert.deepEqual(heard, ['speech']);
  listening.push(room(0.5));
  assert.deepEqual(heard, ['speech']);
  listening.push(room(0.5));
  // 300 ms before it was noticed (which took 80), the sentence, and 250 ms after it.
  assert.deepEqual(heard, ['speech', 1490]);
});

test('an utterance is the sound itself, with a little before and after it', () => {
  const { listening, utterances } = ear();
  const before = room(1);
  const whole = concatPcm([before, SENTENCE, room(1)]);
  listening.push(whole);
  const [utterance = new Int16Array(0)] = utterances;
  const start = positionOf(utterance, whole);
  assert.ok(start > before.length - 0.3 * RATE && start <= before.length, 'the first consonant is cut off');
  const end = start + utterance.length;
  assert.ok(end >= before.length + SENTENCE.length && end <= before.length + SENTENCE.length + 0.3 * RATE);
});

test('however the sound comes in, the same is heard', () => {
  const whole = concatPcm([room(0.5), babble(RATE, 1), room(0.8), SENTENCE, room(0.8)]);
  const expected = ear();
  expected.listening.push(whole);
  assert.equal(expected.utterances.length, 2);
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 10_000 }), (seed, longest) => {
      const actual = ear();
      for (const piece of cutRandomly(whole, longest, seededRandom(seed))) actual.listening.push(piece);
      assert.deepEqual(actual.utterances, expected.utterances);
    }),
    { numRuns: 20 },
  );
});

test('closing the microphone ends what is being said at once', () => {
  const { listening, heard } = ear();
  listening.push(concatPcm([room(0.5), SENTENCE]));
  listening.end();
  assert.deepEqual(heard.length, 2);
  assert.ok(Number(heard[1]) >= 1000);
  listening.end();
  assert.equal(heard.length, 2);
});

test('closing the microphone in silence says nothing, and what was before it is forgotten', () => {
  const { listening, heard, utterances } = ear();
  listening.push(noise(RATE, 0.05, 0.9));
  listening.end();
  assert.deepEqual(heard, []);
  listening.push(concatPcm([SENTENCE, room(1)]));
  assert.equal(positionOf(utterances[0] ?? new Int16Array(0), concatPcm([SENTENCE, room(1)])), 0);
});

test('silence and clicks are no utterance', () => {
  const { listening, heard } = ear();
  listening.push(concatPcm([silence(RATE, 2), noise(RATE, 0.03, 0.9), room(5)]));
  assert.deepEqual(heard, []);
});

test('who speaks without an end is cut off after half a minute, and no sound is lost in the cut', () => {
  const { listening, utterances } = ear();
  const speech = concatPcm(Array.from({ length: 70 }, () => babble(RATE, 0.5)));
  // In one piece: the sound that waits while the first utterance ends belongs to the next one.
  listening.push(speech);
  listening.end();
  const [first = new Int16Array(0), second = new Int16Array(0)] = utterances;
  assert.equal(utterances.length, 2);
  assert.ok(first.length <= 30 * RATE && first.length >= 29 * RATE);
  assert.equal(positionOf(second, speech.subarray(first.length)), 0);
});
