import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answerer } from '../../../src/agents/offline/answers/answerer.ts';
import { OfflineSession } from '../../../src/agents/offline/offline-session.ts';
import type { Voice } from '../../../src/agents/offline/speech/voice.ts';
import { concatPcm } from '../../../src/audio/pcm.ts';
import { AgentError } from '../../../src/errors.ts';
import { conversation, RecordingSink } from '../../support/recording-sink.ts';
import { babble, noise } from '../../support/sounds.ts';

const RATE = 24_000;

/** A session whose voice makes 100 ms of sound for every sentence, and whose answer is the question's own lines. */
function open(speak: Voice['speak'] = () => Promise.resolve(new Int16Array(RATE / 10))) {
  const sink = new RecordingSink();
  const abort = new AbortController();
  const spoken: string[] = [];
  const voice: Voice = {
    speak: (sentence) => {
      spoken.push(sentence);
      return speak(sentence);
    },
    close: () => Promise.resolve(),
  };
  const answerer: Answerer = { answer: (question) => question.split('\n') };
  const session = new OfflineSession(conversation(sink, abort.signal), { answerer, voice, sampleRate: RATE });
  return { sink, abort, session, spoken };
}

/** A promise that is settled from outside. */
function deferred<Value>() {
  return Promise.withResolvers<Value>();
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('an answer is a turn: each sentence’s text where its sound begins, then the sound', async () => {
  const { session, sink } = open();
  session.sendText('One.\nTwo.\nThree.');
  const { turnId, ...end } = await sink.until('turn_ended');
  assert.deepEqual(end, { type: 'turn_ended' });
  const pcm = new Int16Array(RATE / 10);
  assert.deepEqual(sink.events, [
    { type: 'turn_started', turnId },
    { type: 'text', turnId, text: 'One. ', startMs: 0 },
    { type: 'audio', turnId, pcm },
    { type: 'text', turnId, text: 'Two. ', startMs: 100 },
    { type: 'audio', turnId, pcm },
    { type: 'text', turnId, text: 'Three. ', startMs: 200 },
    { type: 'audio', turnId, pcm },
    { type: 'turn_ended', turnId },
  ]);
});

test('it makes no more sound than is wanted', async () => {
  const { session, sink, spoken } = open();
  sink.hold();
  session.sendText('One.\nTwo.');
  await settled();
  assert.deepEqual(spoken, []);
  sink.release();
  await sink.until('turn_ended');
  assert.deepEqual(spoken, ['One.', 'Two.']);
});

test('a cancelled answer falls silent, also while a sentence is being made', async () => {
  const sound = deferred<Int16Array>();
  const { session, sink, spoken } = open(() => sound.promise);
  session.sendText('One.\nTwo.');
  await settled();
  session.cancel();
  sound.resolve(new Int16Array(100));
  await settled();
  assert.deepEqual(
    sink.events.map(({ type }) => type),
    ['turn_started'],
  );
  assert.deepEqual(spoken, ['One.']);
});

test('a cancelled answer that waits to be heard makes nothing more', async () => {
  const { session, sink, spoken } = open();
  sink.hold();
  session.sendText('One.');
  await settled();
  session.cancel();
  sink.release();
  await settled();
  assert.deepEqual(spoken, []);
  assert.equal(sink.of('turn_ended').length, 0);
});

test('a new question ends the answer to the one before', async () => {
  const sounds = [deferred<Int16Array>(), deferred<Int16Array>()];
  let asked = 0;
  const { session, sink } = open(() => {
    asked += 1;
    return (sounds[asked - 1] ?? deferred<Int16Array>()).promise;
  });
  session.sendText('Old.');
  await settled();
  session.sendText('New.');
  await settled();
  for (const sound of sounds) sound.resolve(new Int16Array(10));
  const { turnId } = await sink.until('turn_ended');
  assert.deepEqual(
    sink.of('text').map(({ text }) => text),
    ['New. '],
  );
  assert.equal(sink.of('turn_started')[1]?.turnId, turnId);
});

test('a conversation that is over falls silent', async () => {
  const sound = deferred<Int16Array>();
  const { session, sink, abort } = open(() => sound.promise);
  session.sendText('One.');
  await settled();
  abort.abort();
  sound.resolve(new Int16Array(100));
  await settled();
  assert.equal(sink.of('audio').length, 0);
  assert.equal(sink.of('turn_ended').length, 0);
});

test('closing ends the answer, and may be done twice', async () => {
  const sound = deferred<Int16Array>();
  const { session, sink } = open(() => sound.promise);
  session.sendText('One.');
  await settled();
  await session.close();
  await session.close();
  sound.resolve(new Int16Array(100));
  await settled();
  assert.equal(sink.of('audio').length, 0);
});

test('a voice that fails ends the turn with an error, after what was said', async () => {
  const { session, sink } = open((sentence) =>
    sentence === 'Two.' ? Promise.reject(new Error('no worker')) : Promise.resolve(new Int16Array(10)),
  );
  session.sendText('One.\nTwo.\nThree.');
  const { error } = await sink.until('turn_ended');
  assert.ok(error instanceof AgentError);
  assert.equal(error.code, 'agent_failed');
  assert.deepEqual(
    sink.of('text').map(({ text }) => text),
    ['One. '],
  );
});

test('a voice that fails for a cancelled answer says nothing', async () => {
  const sound = deferred<Int16Array>();
  const { session, sink } = open(() => sound.promise);
  session.sendText('One.');
  await settled();
  session.cancel();
  sound.reject(new Error('the pool was destroyed'));
  await settled();
  assert.equal(sink.of('turn_ended').length, 0);
});

test('what is said is noticed at once and said back, sample for sample', async () => {
  const { session, sink } = open();
  const sound = concatPcm([noise(RATE, 0.5, 0.0017), babble(RATE, 1), noise(RATE, 1, 0.0017, 2)]);
  for (let start = 0; start < sound.length; start += 2400)
    session.sendAudio(sound.slice(start, start + 2400));
  assert.deepEqual(
    sink.events.map(({ type }) => type),
    ['user_speaking', 'user_finished', 'turn_started', 'text', 'audio', 'turn_ended'],
  );
  const { turnId } = await sink.until('turn_ended');
  const bytes = (pcm: Int16Array) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const said = sink.sound(turnId);
  assert.ok(said.length >= RATE);
  assert.ok(bytes(sound).includes(bytes(said)), 'the sound was changed');
  assert.match(sink.of('text')[0]?.text ?? '', /your own voice, 1\.\d seconds/);
});

test('a closed microphone ends the utterance at once', () => {
  const { session, sink } = open();
  session.sendAudio(babble(RATE, 1));
  assert.equal(sink.of('turn_started').length, 0);
  session.endAudio();
  assert.equal(sink.of('turn_ended').length, 1);
});
