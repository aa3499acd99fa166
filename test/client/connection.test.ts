import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AvatarChat, type ChatOptions, type ConnectionState } from '../../client/src/index.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeSocket, fakeSockets } from './fake-socket.ts';

/** More than a client lets wait before it sends no more sound (bytes). */
const BACKLOG = 600_000;

const greeting = (inputSampleRate = 24_000) => ({
  ...{ type: 'config', audio: { inputSampleRate, outputSampleRate: 24_000 } },
});

describe('a connection', () => {
  let chat: AvatarChat;
  let states: ConnectionState[];
  let sockets: FakeSocket[];

  function connect(onMade: (socket: FakeSocket, count: number) => void, options: ChatOptions = {}): void {
    const { made, Class } = fakeSockets(onMade);
    chat = new AvatarChat({
      ...{ server: 'http://a.b', output: 'none', webSocket: Class, firstWaitMs: 1 },
      ...options,
    });
    sockets = made;
    states = [];
    chat.on('state', (state) => states.push(state));
    chat.connect();
  }
  afterEach(() => chat.close());
  const online = () => eventually('online', () => chat.state.kind === 'online');

  it('has the server’s rates when it says that it is there', async () => {
    connect((socket) => socket.say(greeting(16_000)));
    chat.on('state', ({ kind }) => {
      if (kind === 'online') chat.startAudio();
    });
    await online();
    assert.equal(sockets[0]?.sent[0]?.['sampleRate'], 16_000);
  });

  describe('with much waiting to be sent', () => {
    beforeEach(async () => {
      connect((socket) => socket.say(greeting()), { pingEveryMs: 40 });
      await online();
      const [socket] = sockets;
      assert.ok(socket !== undefined);
      socket.bufferedAmount = BACKLOG;
    });

    it('sends no more sound and pictures, but all that is said, asked and ended', async () => {
      assert.equal(chat.sendAudio(new Int16Array(2400)), false);
      assert.equal(await chat.sendImage(new Uint8Array(10), 'image/jpeg'), false);
      assert.equal(chat.sendText('What do you see?'), true);
      assert.equal(chat.endAudio(), true);
      chat.interrupt();
      assert.deepEqual(
        sockets[0]?.sent.map(({ type }) => type),
        ['text', 'audio_stream_end', 'interrupt'],
      );
    });

    it('does not let it grow without end', () => {
      let count = 0;
      while (count < 10_000 && chat.sendText('x'.repeat(4000))) count += 1;
      assert.ok(count > 100 && count < 1000, `${count} texts`);
    });

    it('is not given up while that goes out, and is when it stands still', async () => {
      const [socket] = sockets;
      const draining = setInterval(() => {
        if (socket !== undefined) socket.bufferedAmount -= 1000;
      }, 5);
      await new Promise((resolve) => setTimeout(resolve, 300));
      clearInterval(draining);
      assert.deepEqual(
        states.map(({ kind }) => kind),
        ['connecting', 'online'],
      );
      await eventually('given up', () => states.some(({ kind }) => kind === 'reconnecting'));
    });
  });

  describe('that a token opens', () => {
    const { fetch } = globalThis;
    let tokens: number;
    beforeEach(() => {
      tokens = 0;
      globalThis.fetch = async () => {
        tokens += 1;
        return Response.json({ token: `token${tokens}`, ttl: 3600 });
      };
    });
    afterEach(() => {
      globalThis.fetch = fetch;
    });

    function refuse(socket: FakeSocket): void {
      socket.say({ type: 'error', code: 'token_invalid', message: 'no' });
      socket.end(1008);
    }

    it('is refused for good only where a fresh token is: a restart with another secret asks for another', async () => {
      connect((socket, count) => {
        if (count === 1 || count === 3) return refuse(socket);
        socket.say(greeting());
        if (count === 2) socket.end(1012);
      });
      await eventually('in again', () => sockets.length === 4 && chat.state.kind === 'online');
      assert.equal(tokens, 2);
    });

    it('is refused, not tried without end, where a server lets in and then turns away', async () => {
      connect((socket) => {
        socket.say(greeting());
        refuse(socket);
      });
      await eventually('refused', () => chat.state.kind === 'refused');
      assert.equal(sockets.length, 2);
    });
  });
});
