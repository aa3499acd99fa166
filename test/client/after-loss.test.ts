import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAddress } from '../../client/src/link/address.ts';
import { afterLoss, type History, type Loss } from '../../client/src/link/after-loss.ts';
import { FEWEST_FRAMES, MOST_FRAMES, StartDepth } from '../../client/src/playback/start-depth.ts';

const PATIENCE = { firstWaitMs: 500, longestWaitMs: 30_000 };
const after = (loss: Partial<Loss>, history: Partial<History> = {}, random = 1) =>
  afterLoss(
    { code: 1006, lasted: false, ...loss },
    { failures: 0, renewed: false, ...history },
    PATIENCE,
    () => random,
  );
const says = (code: string, retryAfterMs?: number) => ({
  code,
  message: code,
  ...(retryAfterMs && { retryAfterMs }),
});

describe('after a lost connection', () => {
  it('waits somewhere between nothing and a ceiling that doubles up to its longest', () => {
    const ceilings = [0, 1, 2, 3, 6, 50].map((failures) => after({}, { failures }));
    assert.deepEqual(
      ceilings.map((next) => next.kind === 'retry' && next.inMs),
      [500, 1000, 2000, 4000, 30_000, 30_000],
    );
    assert.deepEqual(after({}, { failures: 3 }, 0), { kind: 'retry', inMs: 0 });
  });

  it('forgives all failures before a connection that lasted', () => {
    assert.deepEqual(after({ lasted: true }, { failures: 9 }), { kind: 'retry', inMs: 500 });
  });

  for (const code of [1000, 1001, 1005, 1006, 1009, 1011, 1012, 1015, 4000, 4408]) {
    it(`tries again after ${code}`, () => assert.deepEqual(after({ code }), { kind: 'retry', inMs: 500 }));
  }

  it('waits at least as long as the server says after 1013, and a little differently each time', () => {
    assert.deepEqual(after({ code: 1013, error: says('too_many_sessions', 5000) }, {}, 0.5), {
      kind: 'retry',
      inMs: 5250,
    });
    const absurd = after({ code: 1013, error: says('too_many_sessions', 1e12) }, {}, 0);
    assert.deepEqual(absurd, { kind: 'retry', inMs: 600_000 });
  });

  it('fetches a new token once after 1008, then stops with what the server said', () => {
    assert.deepEqual(after({ code: 1008 }), { kind: 'renew' });
    const refused = after({ code: 1008, error: says('token_invalid') }, { renewed: true });
    assert.deepEqual(refused, { kind: 'refused', code: 'token_invalid', message: 'token_invalid' });
    assert.equal(after({ code: 1008, error: says('origin_not_allowed') }).kind, 'refused');
  });

  it('comes back at once when its time was up, but not in a circle', () => {
    assert.deepEqual(after({ code: 4410, lasted: true }), { kind: 'retry', inMs: 0 });
    assert.deepEqual(after({ code: 4410 }), { kind: 'retry', inMs: 500 });
  });

  it('rests when nobody has said anything for long, and is very patient when it was too fast', () => {
    assert.deepEqual(after({ code: 4409, lasted: true }), { kind: 'rest' });
    assert.deepEqual(after({ code: 4429 }), { kind: 'retry', inMs: 30_000 });
  });
});

describe('an address', () => {
  const rows = [
    ['http://a.b:1', 'ws://a.b:1/ws', 'http://a.b:1/api/auth/token'],
    ['https://a.b/', 'wss://a.b/ws', 'https://a.b/api/auth/token'],
    ['wss://a.b/ws', 'wss://a.b/ws', 'https://a.b/api/auth/token'],
    ['wss://a.b/avatar/ws?visemes=1', 'wss://a.b/avatar/ws?visemes=1', 'https://a.b/avatar/api/auth/token'],
    ['/avatar/', 'wss://page.c/avatar/ws', 'https://page.c/avatar/api/auth/token'],
  ] as const;
  for (const [given, socket, token] of rows) {
    it(`is read: ${given}`, () => {
      const address = readAddress(given, 'https://page.c/x/y.html');
      assert.deepEqual([address.socket.href, address.token.href], [socket, token]);
    });
  }

  it('is refused if it is none', () => {
    for (const server of ['ftp://a.b', 'http://', './'])
      assert.throws(() => readAddress(server, undefined), TypeError);
  });
});

describe('the depth before sound starts', () => {
  /** The depth after a turn whose frames came late by these milliseconds, `aheadMs` before their time. */
  function depthAfter(lateMs: readonly number[], aheadMs = 0): StartDepth {
    const depth = new StartDepth();
    depth.begin();
    lateMs.forEach((late, index) => {
      depth.arrived(100 / 3, Math.max(0, (index * 100) / 3 - aheadMs) + late);
    });
    return depth;
  }

  it('is three frames on a good network, however far the server runs ahead', () => {
    assert.equal(depthAfter(Array(60).fill(0)).frames, FEWEST_FRAMES);
    assert.equal(depthAfter(Array(60).fill(0), 400).frames, FEWEST_FRAMES);
  });

  it('grows with what was late and with every underrun, within its bounds, and shrinks again', () => {
    const depth = depthAfter([0, 0, 200, 0, 0]);
    assert.equal(depth.frames, 6);
    for (let count = 0; count < 20; count += 1) depth.underran();
    assert.equal(depth.frames, MOST_FRAMES);
    for (let count = 0; count < 30; count += 1) depth.begin();
    assert.equal(depth.frames, FEWEST_FRAMES);
  });
});
