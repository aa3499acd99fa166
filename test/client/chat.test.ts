import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { WebSocket as WsSocket } from 'ws';
import { AvatarChat, type ChatOptions, type HeardFrame, type SocketClass } from '../../client/src/index.ts';
import { decodePcm } from '../../client/src/wire/pcm.ts';
import { ScriptedAgent, type ScriptedSession } from '../../src/agents/scripted/scripted-agent.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';

const RATE = 24_000;
const spoken = Int16Array.from({ length: RATE / 2 }, (_, at) => (at % 1000) + 1);

describe('the library with the real server, in Node', () => {
  let running: RunningApp;
  let agent: ScriptedAgent;
  let chat: AvatarChat;
  let frames: HeardFrame[];
  const session = (): ScriptedSession => agent.sessions.at(-1) as ScriptedSession;

  before(async () => {
    agent = new ScriptedAgent({
      onText: (text) => {
        const said = session();
        said.emit({ type: 'audio', turnId: text, pcm: spoken });
        said.emit({ type: 'text', turnId: text, text: 'One two three four.' });
        if (text === 'long')
          for (let count = 0; count < 10; count += 1) said.emit({ type: 'audio', turnId: text, pcm: spoken });
        said.emit({ type: 'turn_ended', turnId: text });
      },
    });
    running = await runApp({}, { agent });
  });

  after(() => running.app.close());
  afterEach(() => chat.close());

  async function connect(options: ChatOptions = {}): Promise<void> {
    chat = new AvatarChat({ server: running.http, ...options });
    frames = [];
    chat.on('frame', (frame) => frames.push(frame));
    chat.connect();
    await eventually('online', () => chat.state.kind === 'online');
  }

  it('hears every sample of an answer once, in order, with its words, and reports what it heard', async () => {
    await connect();
    const words: string[] = [];
    chat.on('word', ({ text }) => words.push(text));
    assert.equal(chat.sendText('short'), true);
    await eventually('it speaks', () => chat.activity === 'speaking');
    await eventually('it has spoken', () => chat.activity === 'listening');
    const pcm = frames.flatMap(({ pcm, filler }) => (filler ? [] : [...pcm]));
    assert.deepEqual(pcm.slice(0, spoken.length), [...spoken]);
    assert.deepEqual(new Set(pcm.slice(spoken.length)), new Set(pcm.length > spoken.length ? [0] : []));
    assert.equal(words.join(''), 'One two three four.');
    assert.deepEqual(
      chat.transcript.entries.map(({ role, text, state }) => [role, text, state]),
      [
        ['user', 'short', 'done'],
        ['assistant', 'One two three four.', 'done'],
      ],
    );
    assert.equal(chat.player.underruns, 0);
  });

  it('tells what goes over the wire, both ways and just as it is, and survives a listener that closes', async () => {
    await connect();
    const wire: string[] = [];
    chat.on('wire', ({ direction, data }) => wire.push(`${direction} ${data}`));
    chat.check();
    chat.sendText('short');
    await eventually('it speaks', () => frames.length > 3);
    assert.equal(wire[0], 'sent {"type":"ping"}');
    assert.ok(wire.some((line) => /^sent \{"type":"text","data":"short"/.test(line)));
    const first = wire.find((line) => line.includes('sync_frame')) ?? '';
    const { audio } = JSON.parse(first.replace('received ', '')) as { audio: string };
    assert.deepEqual(decodePcm(audio), frames[0]?.pcm);
    chat.on('wire', ({ direction }) => direction === 'received' && chat.close());
    chat.check();
    await eventually('closed', () => chat.state.kind === 'closed');
  });

  it('thinks from a question to its answer, or until the question is taken back', async () => {
    await connect();
    const activities: string[] = [];
    chat.on('activity', (activity) => activities.push(activity));
    chat.sendText('short');
    await eventually('it has spoken', () => activities.at(-1) === 'listening');
    chat.sendText('short again');
    chat.interrupt();
    assert.deepEqual(activities, ['thinking', 'speaking', 'listening', 'thinking', 'listening']);
  });

  it('works with a WebSocket class of the caller’s', async () => {
    await connect({ webSocket: WsSocket as unknown as SocketClass });
    chat.sendText('short');
    await eventually('it speaks', () => frames.length > 3);
  });

  it('interrupts at once, and the agent is told what was heard', async () => {
    await connect();
    chat.sendText('long');
    await eventually('it speaks', () => frames.length > 9);
    const end = chat.interrupt();
    assert.equal(end?.cut, true);
    assert.equal(chat.player.heard(), undefined);
    assert.equal(chat.activity, 'listening');
    await eventually('the agent is told', () => session().calls.some(({ method }) => method === 'cancel'));
    const cancel = session().calls.find(({ method }) => method === 'cancel');
    assert.ok(cancel?.method === 'cancel');
    assert.ok(Math.abs(cancel.heard.ms - end.heardMs) < 50, `${cancel.heard.ms} of ${end.heardMs}`);
  });

  it('sends sound in pieces the server takes', async () => {
    await connect();
    chat.startAudio();
    assert.equal(chat.sendAudio(spoken), true);
    chat.endAudio();
    await eventually('heard', () => session().calls.some(({ method }) => method === 'endAudio'));
    const heard = session().calls.flatMap((call) => (call.method === 'sendAudio' ? [...call.pcm] : []));
    assert.deepEqual(heard, [...spoken]);
  });

  it('shows pictures', async () => {
    await connect();
    const dot = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await chat.sendImage(dot, 'image/png', 'a dot');
    await eventually('seen', () => session().calls.some(({ method }) => method === 'sendImage'));
  });

  it('does what the model asks for, and says what came of it', async () => {
    await connect();
    chat.onAction('trigger_confetti', (args) => ({ thrown: args['pieces'] ?? 'some' }));
    const actions: string[] = [];
    chat.on('action', ({ name, handled }) => actions.push(`${name} ${handled}`));
    session().emit({
      type: 'tool_call',
      turnId: 'tools',
      callId: 'c1',
      name: 'trigger_confetti',
      args: {},
    });
    await eventually('asked', () => actions.length > 0);
    assert.deepEqual(actions, ['trigger_confetti true']);
  });

  it('tells the server’s errors by their codes', async () => {
    await connect();
    const errors: string[] = [];
    chat.on('error', ({ code }) => errors.push(code));
    chat.sendText('x'.repeat(4001));
    await eventually('told', () => errors.length > 0);
    assert.deepEqual(errors, ['text_too_long']);
  });

  it('cannot open a microphone where there is none, and says so', async () => {
    await connect();
    const state = await chat.microphone.open();
    assert.ok(state.kind === 'failed');
    assert.equal(state.error.code, 'unsupported');
  });
});
