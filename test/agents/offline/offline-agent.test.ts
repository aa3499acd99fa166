import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createOfflineAgent } from '../../../src/agents/offline/offline-agent.ts';
import { concatPcm, rms, samplesToMs, toDbfs } from '../../../src/audio/pcm.ts';
import { CAFE } from '../../support/cafe.ts';
import { conversation, RecordingSink } from '../../support/recording-sink.ts';
import { babble, noise } from '../../support/sounds.ts';

/** The agent as the server makes it, with its real voice. */
const agent = await createOfflineAgent({ voice: 'slt', knowledge: { text: () => CAFE }, charsPerSecond: 16 });
after(() => agent.close());

const RATE = agent.audio.outputRate;

async function converse() {
  const sink = new RecordingSink();
  const abort = new AbortController();
  const session = await agent.open(conversation(sink, abort.signal));
  return { sink, session, abort };
}

test('it hears and speaks at the widget’s own rate, and says what it can do', () => {
  assert.deepEqual(agent.audio, { inputRate: 24_000, outputRate: 24_000 });
  assert.equal(agent.name, 'sample_offline');
  assert.equal(agent.charsPerSecond, 16);
  const { serverTurnDetection, truncation, userTranscript, text, tools } = agent.capabilities;
  assert.deepEqual({ serverTurnDetection, text }, { serverTurnDetection: true, text: true });
  assert.deepEqual(
    { truncation, userTranscript, tools },
    { truncation: false, userTranscript: false, tools: false },
  );
});

test('a typed question is answered aloud, each sentence’s text at the place where its sound begins', async () => {
  const { sink, session } = await converse();
  session.sendText('Hello!');
  const { turnId, error } = await sink.until('turn_ended');
  assert.equal(error, undefined);
  const [started, ...rest] = sink.turn(turnId);
  assert.equal(started?.type, 'turn_started');
  const said = rest.slice(0, -1);
  assert.ok(said.length >= 4, 'fewer than two sentences');
  let soFarMs = 0;
  for (let index = 0; index < said.length; index += 2) {
    const [text, sound] = [said[index], said[index + 1]];
    assert.ok(text?.type === 'text' && sound?.type === 'audio');
    assert.equal(text.startMs, soFarMs);
    assert.match(text.text, /\S $/);
    // Between 5 and 30 characters a second: it is this text that is spoken.
    const seconds = sound.pcm.length / RATE;
    assert.ok(text.text.length / seconds > 5 && text.text.length / seconds < 30);
    assert.ok(toDbfs(rms(sound.pcm)) > -40);
    soFarMs += samplesToMs(sound.pcm.length, RATE);
  }
  await session.close();
});

test('it answers from its knowledge', async () => {
  const { sink, session } = await converse();
  session.sendText('When do you open?');
  await sink.until('turn_ended');
  const text = sink.of('text').map((event) => event.text);
  assert.match(text.join(''), /We open at eight in the morning/);
  await session.close();
});

test('a cancelled answer is heard of no more, and the next question is answered', async () => {
  const { sink, session } = await converse();
  session.sendText('Hello!');
  const { turnId } = await sink.until('audio');
  session.cancel(turnId, { ms: 0, text: '' });
  const before = sink.turn(turnId).length;
  session.sendText('Bye');
  const ended = await sink.until('turn_ended');
  assert.notEqual(ended.turnId, turnId);
  assert.equal(sink.turn(turnId).length, before);
  await session.close();
});

test('conversations at the same time do not hear each other', async () => {
  const conversations = await Promise.all([converse(), converse(), converse()]);
  for (const { session } of conversations) session.sendText('Thanks');
  const sounds = await Promise.all(
    conversations.map(async ({ sink }) => sink.sound((await sink.until('turn_ended')).turnId)),
  );
  for (const [index, { sink, session }] of conversations.entries()) {
    assert.equal(sink.of('turn_started').length, 1);
    assert.deepEqual(sounds[index], sounds[0]);
    await session.close();
  }
});

test('a spoken sentence is noticed as speech and comes back in the user’s own voice', async () => {
  const { sink, session } = await converse();
  const speech = concatPcm([noise(RATE, 0.4, 0.0017), babble(RATE, 1.2), noise(RATE, 0.8, 0.0017, 2)]);
  for (let start = 0; start < speech.length; start += 2400)
    session.sendAudio(speech.slice(start, start + 2400));
  const { turnId } = await sink.until('turn_ended');
  assert.equal(sink.events[0]?.type, 'user_speaking');
  const bytes = (pcm: Int16Array) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  assert.ok(sink.sound(turnId).length > RATE);
  assert.ok(bytes(speech).includes(bytes(sink.sound(turnId))), 'the sound was changed');
  await session.close();
});

test('a session may be closed twice, and is silent then', async () => {
  const { sink, session } = await converse();
  session.sendText('Hello!');
  await session.close();
  await session.close();
  const other = await converse();
  other.session.sendText('Bye');
  await other.sink.until('turn_ended');
  assert.equal(sink.of('audio').length, 0);
  assert.equal(sink.of('turn_ended').length, 0);
  await other.session.close();
});
