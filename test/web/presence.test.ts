import '../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Circumstances, Presence } from '../../web/presence/presence.ts';

const { isAway, presenceAfter } = await import('../../web/presence/presence.ts');

const ONLINE = { kind: 'online', inputSampleRate: 24_000, outputSampleRate: 24_000 } as const;
const LOST = { kind: 'reconnecting', attempt: 1, inMs: 500, closeCode: 1006 } as const;
const BEGIN: Presence = { kind: 'connecting' };
const loss = { dueAtMs: 1500, reason: 'draining' };

function after(before: Presence, circumstances: Partial<Circumstances>): Presence {
  return presenceAfter(before, {
    ...{ state: ONLINE, activity: 'offline', hasNetwork: true, loss },
    ...circumstances,
  });
}

describe('what the page says is going on', () => {
  it('is what the conversation is at while the server is there', () => {
    for (const activity of ['listening', 'thinking', 'speaking'] as const) {
      assert.deepEqual(after(BEGIN, { activity }), { kind: activity });
      assert.equal(isAway({ kind: activity }), false);
    }
  });

  it('stays “reconnecting” through every attempt after a loss, with the time of the next one', () => {
    const lost = after({ kind: 'listening' }, { state: LOST });
    assert.deepEqual(lost, { kind: 'reconnecting', ...loss });
    const trying = after(lost, { state: { kind: 'connecting' }, loss: { dueAtMs: 0, reason: 'draining' } });
    assert.deepEqual(trying, { kind: 'reconnecting', dueAtMs: 0, reason: 'draining' });
    assert.deepEqual(after(trying, { activity: 'listening' }), { kind: 'listening' });
    assert.ok(isAway(lost));
  });

  it('is “connecting” before the first answer, and after a rest', () => {
    assert.deepEqual(after(BEGIN, { state: { kind: 'connecting' } }), BEGIN);
    const rest = after({ kind: 'listening' }, { state: { kind: 'closed', reason: 'idle' } });
    assert.deepEqual(rest, { kind: 'resting' });
    assert.deepEqual(after(rest, { state: { kind: 'connecting' } }), BEGIN);
  });

  it('is “offline” where the device has no network, until it has', () => {
    const offline = after({ kind: 'listening' }, { state: LOST, hasNetwork: false });
    assert.deepEqual(offline, { kind: 'offline' });
    assert.deepEqual(after(offline, { state: { kind: 'connecting' }, hasNetwork: false }), offline);
    assert.equal(after(offline, { state: { kind: 'connecting' } }).kind, 'reconnecting');
  });

  it('lets her finish what has come, whatever has broken', () => {
    assert.deepEqual(after({ kind: 'speaking' }, { state: LOST, activity: 'speaking' }), {
      kind: 'speaking',
    });
  });

  it('keeps the reason of a refusal', () => {
    const state = { kind: 'refused', code: 'token_invalid', message: 'no' } as const;
    assert.deepEqual(after(BEGIN, { state }), state);
  });
});
