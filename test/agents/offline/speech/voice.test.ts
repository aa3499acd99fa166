import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startVoice } from '../../../../src/agents/offline/speech/voice.ts';
import { rms, samplesToMs, toDbfs } from '../../../../src/audio/pcm.ts';
import { OFFLINE_VOICES } from '../../../../src/config/agent-settings.ts';
import { AgentError } from '../../../../src/errors.ts';

const RATE = 24_000;
const voice = startVoice('slt', RATE);
after(() => voice.close());

function assertIsSpeech(pcm: Int16Array, leastMs: number, mostMs: number): void {
  const ms = samplesToMs(pcm.length, RATE);
  assert.ok(ms >= leastMs && ms <= mostMs, `${ms} ms of sound`);
  assert.ok(toDbfs(rms(pcm)) > -40, 'too quiet to be speech');
}

for (const name of OFFLINE_VOICES) {
  test(`the voice ${name} speaks a sentence as long as a person would take`, async () => {
    const own = startVoice(name, RATE);
    try {
      assertIsSpeech(await own.speak('Hello, I am your avatar.'), 800, 3500);
    } finally {
      await own.close();
    }
  });
}

test('the same sentence sounds the same every time', async () => {
  assert.deepEqual(await voice.speak('Tea is two euros.'), await voice.speak('Tea is two euros.'));
});

test('a longer text takes longer', async () => {
  const short = await voice.speak('Tea.');
  const long = await voice.speak('Tea and cake and coffee and bread and soup.');
  assert.ok(long.length > 2 * short.length);
});

test('what has no sound is an empty sound', async () => {
  for (const text of ['', '🙂🙂🙂', '你好，世界', '...', '\u0000']) {
    assert.equal((await voice.speak(text)).length, 0, JSON.stringify(text));
  }
});

test('odd and hostile text is spoken without harm, and the voice goes on', async () => {
  for (const text of [
    'x'.repeat(300),
    '1234567890'.repeat(28),
    '<speak><break time="100s"/>&amp;</speak>',
    '-o /etc/passwd --help',
    '%s%s%s%n',
    '"; rm -rf / #',
    'a',
    `${'(('.repeat(100)} a`,
  ]) {
    assert.ok((await voice.speak(text)).length > 0, text.slice(0, 20));
  }
  assertIsSpeech(await voice.speak('Still here.'), 300, 2500);
});

test('sentences asked for at the same time each get their own sound', async () => {
  const sentences = ['One.', 'Two, and a little more.', 'Three, and quite a lot more than that.'];
  const alone: Int16Array[] = [];
  for (const sentence of sentences) alone.push(await voice.speak(sentence));
  assert.deepEqual(await Promise.all(sentences.map((sentence) => voice.speak(sentence))), alone);
});

test('after it is closed a voice fails with an AgentError', async () => {
  const closed = startVoice('slt', RATE);
  const waiting = assert.rejects(closed.speak('Hello.'), AgentError);
  await closed.close();
  await waiting;
  await assert.rejects(closed.speak('Hello.'), AgentError);
});
