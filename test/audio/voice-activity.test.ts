import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatPcm } from '../../src/audio/pcm.ts';
import { VOICE_FRAME_MS, VoiceActivity, type VoiceChange } from '../../src/audio/voice-activity.ts';
import { amplified, babble, noise, silence, tone, vowel } from '../support/sounds.ts';

const RATE = 16_000;
const FRAME = (RATE * VOICE_FRAME_MS) / 1000;

/** A change, and when it was noticed. */
interface Noticed {
  readonly atMs: number;
  readonly change: VoiceChange;
}

function listen(pcm: Int16Array, activity = new VoiceActivity()): Noticed[] {
  const noticed: Noticed[] = [];
  for (let start = 0; start + FRAME <= pcm.length; start += FRAME) {
    const change = activity.push(pcm.subarray(start, start + FRAME));
    if (change !== undefined) noticed.push({ atMs: ((start + FRAME) * 1000) / RATE, change });
  }
  return noticed;
}

/** A room: its own noise at about -60 dBFS under whatever happens in it. */
function quietRoom(seconds: number): Int16Array {
  return noise(RATE, seconds, 0.0017);
}

test('an empty room is not speech, nor is digital silence', () => {
  assert.deepEqual(listen(quietRoom(30)), []);
  assert.deepEqual(listen(silence(RATE, 30)), []);
});

test('sound too quiet to be meant for the microphone is not speech', () => {
  assert.deepEqual(listen(amplified(babble(RATE, 5), -50)), []);
});

test('a click, and a few of them, are not speech', () => {
  const click = concatPcm([noise(RATE, 0.03, 0.9), quietRoom(0.3)]);
  assert.deepEqual(listen(concatPcm([quietRoom(1), click, click, click, quietRoom(1)])), []);
});

test('speech is noticed within 100 ms and over 600 ms after its end', () => {
  const noticed = listen(concatPcm([quietRoom(1), vowel(RATE, 1, [750, 1200]), quietRoom(2)]));
  assert.deepEqual(noticed, [
    { atMs: 1080, change: 'speech_started' },
    { atMs: 2600, change: 'speech_ended' },
  ]);
});

test('pauses between syllables and for breath do not end an utterance', () => {
  const speech = concatPcm([babble(RATE, 1), quietRoom(0.5), babble(RATE, 1)]);
  const changes = listen(concatPcm([quietRoom(1), speech, quietRoom(1)])).map(({ change }) => change);
  assert.deepEqual(changes, ['speech_started', 'speech_ended']);
});

test('two sentences with a second between them are two utterances', () => {
  const sentence = concatPcm([babble(RATE, 1), quietRoom(1)]);
  const changes = listen(concatPcm([quietRoom(1), sentence, sentence])).map(({ change }) => change);
  assert.deepEqual(changes, ['speech_started', 'speech_ended', 'speech_started', 'speech_ended']);
});

test('a fan that is switched on is learned: it is not speech for ever, and speech over it is still heard', () => {
  const fan = (seconds: number) => noise(RATE, seconds, 0.02);
  const activity = new VoiceActivity();
  listen(concatPcm([quietRoom(2), fan(20)]), activity);
  assert.equal(activity.speaking, false);
  assert.deepEqual(listen(fan(20), activity), []);
  const changes = listen(concatPcm([babble(RATE, 1), fan(2)]), activity).map(({ change }) => change);
  assert.deepEqual(changes, ['speech_started', 'speech_ended']);
});

test('a fan is learned as fast after digital silence as after a quiet room', () => {
  const activity = new VoiceActivity();
  listen(concatPcm([silence(RATE, 5), noise(RATE, 20, 0.02)]), activity);
  assert.equal(activity.speaking, false);
});

test('what is too quiet to start speech is enough to go on with it', () => {
  // -53, -43 and -49 dBFS: the room, and 10 and 4 dB more than it.
  const room = (seconds: number) => tone({ hz: 300, sampleRate: RATE, seconds, amplitude: 0.0032 });
  const soft = tone({ hz: 300, sampleRate: RATE, seconds: 1, amplitude: 0.0105 });
  const settled = room(20);
  assert.deepEqual(listen(concatPcm([settled, soft, room(1)])), []);
  const noticed = listen(concatPcm([settled, babble(RATE, 1), soft, room(1)]));
  assert.deepEqual(
    noticed.map(({ change }) => change),
    ['speech_started', 'speech_ended'],
  );
  assert.ok((noticed[1]?.atMs ?? 0) >= 22_600, 'the soft end was cut off');
});

test('a long answer without a pause stays one utterance for ten seconds', () => {
  const noticed = listen(concatPcm([quietRoom(1), babble(RATE, 10)]));
  assert.deepEqual(
    noticed.map(({ change }) => change),
    ['speech_started'],
  );
});

test('closing the microphone ends what is being said, and nothing when nobody speaks', () => {
  const activity = new VoiceActivity();
  assert.equal(activity.end(), undefined);
  listen(babble(RATE, 1), activity);
  assert.equal(activity.speaking, true);
  assert.equal(activity.end(), 'speech_ended');
  assert.equal(activity.speaking, false);
  assert.equal(activity.end(), undefined);
});

test('it knows how long it has been quiet at the end of an utterance', () => {
  const activity = new VoiceActivity();
  listen(concatPcm([vowel(RATE, 0.5, [750, 1200]), quietRoom(0.2)]), activity);
  assert.equal(activity.trailingSilenceMs, 200);
  listen(quietRoom(0.4), activity);
  assert.equal(activity.speaking, false);
  assert.equal(activity.trailingSilenceMs, 600);
});

test('it works the same at any sample rate', () => {
  const activity = new VoiceActivity();
  const speech = babble(8000, 1);
  let started = 0;
  for (let start = 0; start < speech.length; start += 160) {
    if (activity.push(speech.subarray(start, start + 160)) === 'speech_started') started += 1;
  }
  assert.equal(started, 1);
});
