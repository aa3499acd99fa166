import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  AvatarChat,
  type ChatOptions,
  type ConnectionState,
  type FaultKind,
  type HeardFrame,
  type TurnEnd,
} from '../../client/src/index.ts';
import { encodePcm } from '../../client/src/wire/pcm.ts';
import { eventually } from '../support/eventually.ts';
import {
  GREETING,
  type HostileServer,
  type Hostility,
  hostileServer,
  type Visit,
} from '../support/hostile-server.ts';

const ids = (turnId: string) => ({ sessionId: 's', turnId, timestamp: 1 });
const start = (turnId = 't') => ({
  type: 'audio_start',
  ...ids(turnId),
  sampleRate: 24_000,
  format: 'audio/pcm16',
});
const end = (turnId = 't') => ({ type: 'audio_end', ...ids(turnId) });
/** A frame whose samples are all its number. */
const frame = (frameIndex: number, turnId = 't') => ({
  ...{ type: 'sync_frame', ...ids(turnId), frameIndex, weights: { jawOpen: 0.5 } },
  audio: encodePcm(new Int16Array(240).fill(frameIndex + 1)),
});
const word = (text: string, startOffset: number, turnId = 't') => ({
  ...{ type: 'transcript_delta', role: 'assistant', text, ...ids(turnId) },
  ...{ startOffset, endOffset: startOffset + 1 },
});
const frames = (...indexes: readonly number[]) => indexes.map((index) => frame(index));

function closeAfter(visit: Visit, message: unknown, code: number): void {
  visit.say(message);
  visit.socket.close(code);
}

describe('a server that does not behave', () => {
  let server: HostileServer;
  let chat: AvatarChat;
  let states: ConnectionState[];
  let faults: FaultKind[];
  let heard: HeardFrame[];
  let ends: TurnEnd[];

  /** Connects to such a server, and keeps all that the library tells. */
  async function meet(hostility: Hostility = {}, options: ChatOptions = {}): Promise<void> {
    server = await hostileServer(hostility);
    chat = new AvatarChat({
      server: server.url,
      firstWaitMs: 10,
      longestWaitMs: 50,
      stalledAfterMs: 150,
      ...options,
    });
    [states, faults, heard, ends] = [[], [], [], []];
    chat.on('state', (state) => states.push(state));
    chat.on('fault', ({ kind }) => faults.push(kind));
    chat.on('frame', (each) => heard.push(each));
    chat.on('turnEnd', (each) => ends.push(each));
    chat.connect();
  }

  afterEach(async () => {
    chat.close();
    await server.close();
  });

  const kinds = () => states.map(({ kind }) => kind);
  const online = () => eventually('online', () => chat.state.kind === 'online');
  const over = (count = 1) => eventually('the turn is over', () => ends.length >= count);
  const say = (...messages: readonly unknown[]) => server.visits.at(-1)?.say(...messages);

  describe('in what it says', () => {
    const rows: readonly {
      name: string;
      says: readonly unknown[];
      hears: readonly number[];
      faults: readonly FaultKind[];
    }[] = [
      {
        name: 'frames twice',
        says: frames(0, 0, 1, 2, 2, 3),
        hears: [0, 1, 2, 3],
        faults: ['frame_twice', 'frame_twice'],
      },
      { name: 'frames out of order', says: frames(1, 0, 3, 2, 4), hears: [0, 1, 2, 3, 4], faults: [] },
      {
        name: 'frames that never come',
        says: frames(0, 1, 4, 5, 6),
        hears: [0, 1, 2, 3, 4, 5, 6],
        faults: ['frame_missing'],
      },
      {
        name: 'a frame that comes too late',
        says: frames(0, 2, 3, 4, 1, 5),
        hears: [0, 1, 2, 3, 4, 5],
        faults: ['frame_missing', 'frame_twice'],
      },
      {
        name: 'frames of another turn',
        says: [frame(0), frame(0, 'other'), ...frames(1, 2)],
        hears: [0, 1, 2],
        faults: ['wrong_turn'],
      },
      {
        name: 'garbage between frames',
        says: [frame(0), '}', 'null', Buffer.of(1, 2, 3), frame(1), { type: 'so?' }, frame(2)],
        hears: [0, 1, 2],
        faults: ['not_json', 'not_a_message', 'not_text', 'unknown_type'],
      },
      {
        name: 'a beginning twice',
        says: [frame(0), start(), ...frames(1, 2)],
        hears: [0, 1, 2],
        faults: ['turn_twice'],
      },
      {
        name: 'an end of another turn',
        says: [frame(0), end('other'), ...frames(1, 2)],
        hears: [0, 1, 2],
        faults: ['wrong_turn'],
      },
      {
        name: 'odd bytes',
        says: [frame(0), { ...frame(1), audio: btoa('xyz') }, frame(2)],
        hears: [0, 1, 2],
        faults: ['bad_sound'],
      },
      {
        name: 'sound that is none',
        says: [frame(0), { ...frame(1), audio: '***' }, frame(2)],
        hears: [0, 1, 2],
        faults: ['bad_sound'],
      },
      {
        name: 'weights that are no numbers',
        says: [frame(0), { ...frame(1), weights: { jawOpen: 'NaN' } }, frame(2)],
        hears: [0, 1, 2],
        faults: ['bad_weights'],
      },
      { name: 'a single frame', says: [frame(0)], hears: [0], faults: [] },
      { name: 'no frames at all', says: [], hears: [], faults: [] },
    ];
    for (const row of rows) {
      it(`${row.name}: is counted, and the rest is heard`, async () => {
        await meet();
        await online();
        say(start(), ...row.says, end());
        await over();
        assert.deepEqual(
          heard.map(({ frameIndex }) => frameIndex),
          row.hears,
        );
        assert.deepEqual(faults, row.faults);
        for (const { frameIndex = 0, pcm, filler } of heard) {
          if (!filler && pcm.length === 240) assert.deepEqual(new Set(pcm), new Set([frameIndex + 1]));
        }
        assert.equal(chat.activity, 'listening');
        say(start('next'), ...[0, 1, 2].map((index) => frame(index, 'next')), end('next'));
        await over(2);
        assert.equal(ends[1]?.heardMs, 30, 'it goes on with the next turn');
      });
    }

    it('a turn without an end: it is ended here, with the words that were heard', async () => {
      await meet();
      await online();
      say(start(), word('Hear', 0), word(' this', 5), word(' not', 900), ...frames(0, 1, 2));
      await over();
      assert.deepEqual(faults, ['no_end']);
      const [entry] = chat.transcript.entries;
      assert.deepEqual([entry?.text, entry?.state], ['Hear this', 'cut']);
      assert.equal(chat.activity, 'listening');
    });

    it('a connection that breaks in the middle of a turn: what came is heard, then it comes back', async () => {
      await meet();
      await online();
      say(start(), word('Half', 0), ...frames(0, 1));
      await eventually('it came', () => chat.player.speaking);
      server.visits[0]?.socket.terminate();
      await over();
      assert.deepEqual(
        heard.map(({ frameIndex }) => frameIndex),
        [0, 1],
      );
      assert.equal(chat.transcript.entries[0]?.text, 'Half');
      await online();
      assert.deepEqual(kinds(), ['connecting', 'online', 'reconnecting', 'connecting', 'online']);
    });

    it('an interrupt: the turn stops there, its late frames are no faults, its unheard words never appear', async () => {
      await meet();
      await online();
      const many = Array.from({ length: 60 }, (_, index) => frame(index));
      say(start(), word('One', 0), word(' two', 30), word(' three', 590), ...many);
      await eventually('it is heard', () => heard.length > 4);
      say({ type: 'interrupt', ...ids('t'), offsetMs: 0 }, frame(60), frame(61), end());
      await over();
      assert.equal(ends[0]?.cut, true);
      assert.ok((ends[0]?.heardMs ?? 0) < 400, `${ends[0]?.heardMs}`);
      say({ type: 'pong' });
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.deepEqual(faults, []);
      const [entry] = chat.transcript.entries;
      assert.equal(entry?.state, 'cut');
      assert.ok(entry?.text.startsWith('One') && !entry.text.includes('three'), entry?.text);
    });

    it('whatever it says, nothing is thrown and the next turn is heard', async () => {
      await meet();
      await online();
      const messages = [
        start(),
        end(),
        ...frames(0, 1, 2, 3),
        frame(1, 'u'),
        start('u'),
        word('x', -5),
        GREETING,
        '"',
        { type: 'interrupt', ...ids('t'), offsetMs: 1e9 },
        { type: 'transcript_done', role: 'user', text: 'hm' },
        { type: 'trigger_action', function_name: 'f', arguments: null },
      ];
      const storms = fc.sample(fc.array(fc.constantFrom(...messages), { maxLength: 40 }), {
        numRuns: 20,
        seed: 7,
      });
      for (const storm of storms) say(...storm);
      say(start('last'), ...[0, 1, 2].map((index) => frame(index, 'last')), end('last'));
      await eventually('the last turn is over', () =>
        ends.some(({ turnId, cut }) => turnId === 'last' && !cut),
      );
      assert.equal(chat.state.kind, 'online');
    });
  });

  describe('in how it closes', () => {
    for (const code of [1001, 1011, 1012, 1013, 4408]) {
      it(`${code}: the library comes back`, async () => {
        await meet({
          onVisit: (visit, count) => (count === 1 ? visit.socket.close(code) : visit.say(GREETING)),
        });
        await online();
        assert.deepEqual(kinds(), ['connecting', 'reconnecting', 'connecting', 'online']);
        assert.deepEqual(states[1], { ...states[1], kind: 'reconnecting', attempt: 1, closeCode: code });
      });
    }

    it('1013 with a time: not before it', async () => {
      const full = {
        type: 'error',
        code: 'too_many_sessions',
        message: 'full',
        retryAfterMs: 200,
        timestamp: 1,
      };
      const times: number[] = [];
      await meet({
        onVisit: (visit, count) => {
          times.push(performance.now());
          visit.say(count === 1 ? full : GREETING);
          if (count === 1) visit.socket.close(1013);
        },
      });
      await online();
      assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 199);
    });

    it('1008: fetches a token once, and is let in with it', async () => {
      await meet({
        onVisit: (visit) =>
          visit.url === '/ws?token=a%2Bb%3D' ? visit.say(GREETING) : visit.socket.close(1008),
        onTokenRequest: (response) => response.end(JSON.stringify({ token: 'a+b=', ttl: 3600 })),
      });
      await online();
      assert.equal(server.tokensAsked(), 1);
      server.visits.at(-1)?.socket.terminate();
      await eventually('back', () => server.visits.length === 3);
      await online();
      assert.equal(server.tokensAsked(), 1, 'the token is kept');
    });

    for (const [what, onTokenRequest] of [
      ['gives one that is refused', (response) => response.end(JSON.stringify({ token: 'x', ttl: 3600 }))],
      ['refuses one', (response) => response.writeHead(403).end()],
      ['answers with garbage', (response) => response.end('{"token":5}')],
    ] as const satisfies readonly (readonly [string, NonNullable<Hostility['onTokenRequest']>])[]) {
      it(`1008 again and again, from a server that asks for a token and ${what}: stops, and says why`, async () => {
        const error = { type: 'error', code: 'token_invalid', message: 'no', timestamp: 1 };
        await meet({ onTokenRequest, onVisit: (visit) => closeAfter(visit, error, 1008) });
        let errors = 0;
        chat.on('error', () => {
          errors += 1;
        });
        await eventually('refused', () => chat.state.kind === 'refused');
        assert.deepEqual(chat.state, { kind: 'refused', code: 'token_invalid', message: 'no' });
        assert.equal(server.visits.length, 2);
        assert.equal(errors, 0, 'only the state tells it');
        assert.equal(chat.activity, 'offline');
      });
    }

    it('a token endpoint that is down or busy: tries again later', async () => {
      await meet(
        {
          onVisit: (visit) => visit.say(GREETING),
          onTokenRequest: (response, count) => {
            if (count === 1) response.writeHead(500).end();
            else if (count === 2) response.writeHead(429).end();
            else response.end(JSON.stringify({ token: 'x', ttl: 3600 }));
          },
        },
        { auth: 'always' },
      );
      await online();
      assert.deepEqual([server.tokensAsked(), server.visits.length], [3, 1]);
    });

    it('4409: rests until somebody wants to talk again', async () => {
      await meet({
        onVisit: (visit, count) => (count === 1 ? closeAfter(visit, GREETING, 4409) : visit.say(GREETING)),
      });
      await eventually('resting', () => chat.state.kind === 'closed');
      assert.deepEqual(chat.state, { kind: 'closed', reason: 'idle' });
      chat.connect();
      await online();
    });

    it('a close of ours: stays closed', async () => {
      await meet();
      await online();
      chat.close();
      await eventually('closed', () => server.visits[0]?.socket.readyState === 3);
      assert.deepEqual(chat.state, { kind: 'closed', reason: 'ours' });
      assert.equal(chat.sendText('hello?'), false);
      assert.equal(server.visits.length, 1);
    });
  });

  it('falls silent without a close: it is found out, and left', async () => {
    await meet({}, { pingEveryMs: 60 });
    await online();
    await eventually('asked', () => server.visits[0]?.said.some(({ type }) => type === 'ping') === true);
    await eventually('left', () => server.visits.length >= 2);
    assert.equal(states.find(({ kind }) => kind === 'reconnecting')?.kind, 'reconnecting');
  });

  it('never greets: nothing is sent to it', async () => {
    await meet({ onVisit: () => undefined });
    await eventually('connected', () => server.visits.length === 1);
    assert.equal(chat.sendText('hello?'), false);
    assert.equal(chat.state.kind, 'connecting');
  });
});
