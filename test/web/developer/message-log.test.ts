import '../../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

const { MessageLog, MOST_ENTRIES, passes } = await import('../../../web/developer/message-log.ts');
const { gist, readable, typeOf } = await import('../../../web/developer/wire-text.ts');

const frame = (turnId: string, frameIndex: number) =>
  JSON.stringify({
    type: 'sync_frame',
    sessionId: 's',
    turnId,
    frameIndex,
    weights: { jawOpen: 0.5 },
    audio: 'AAAA',
  });

describe('the log of messages', () => {
  it('counts the frames of a turn on one line, whatever comes between them', () => {
    const log = new MessageLog();
    log.add('received', frame('a', 0), 100);
    log.add('received', '{"type":"transcript_delta","turnId":"a","text":"Hi"}', 101);
    log.add('received', frame('a', 1), 140);
    log.add('sent', '{"type":"playback","turnId":"a","playedMs":3}', 150);
    log.add('received', frame('b', 0), 200);
    assert.deepEqual(
      log.entries.map(({ type, count, atMs, untilMs }) => [type, count, atMs, untilMs]),
      [
        ['sync_frame', 2, 100, 140],
        ['transcript_delta', 1, 101, 101],
        ['playback', 1, 150, 150],
        ['sync_frame', 1, 200, 200],
      ],
    );
    assert.equal(log.entries[0]?.data, frame('a', 1));
    assert.equal(log.entries[0]?.bytes, frame('a', 0).length + frame('a', 1).length);
  });

  it('keeps a line for each stretch of speech', () => {
    const log = new MessageLog();
    for (const type of [
      'audio_stream_start',
      'audio',
      'audio',
      'audio_stream_end',
      'audio_stream_start',
      'audio',
    ])
      log.add('sent', JSON.stringify({ type, data: '' }), 0);
    const counts = log.entries.filter(({ type }) => type === 'audio').map(({ count }) => count);
    assert.deepEqual(counts, [2, 1]);
  });

  it('forgets the oldest lines, and counts anew what was counted on them', () => {
    const log = new MessageLog();
    log.add('received', frame('a', 0), 0);
    for (let count = 0; count < MOST_ENTRIES; count += 1) log.add('received', '{"type":"error"}', count);
    assert.equal(log.entries.length, MOST_ENTRIES);
    log.add('received', frame('a', 1), 1000);
    assert.deepEqual([log.entries.at(-1)?.type, log.entries.at(-1)?.count], ['sync_frame', 1]);
  });

  it('shows one direction, or one type', () => {
    const log = new MessageLog();
    const entry = log.add('sent', '{"type":"ping"}', 0);
    assert.equal(passes({ kind: 'all' }, entry), true);
    assert.equal(passes({ kind: 'direction', direction: 'received' }, entry), false);
    assert.equal(passes({ kind: 'direction', direction: 'sent' }, entry), true);
    assert.equal(passes({ kind: 'type', type: 'pong' }, entry), false);
    assert.equal(passes({ kind: 'type', type: 'ping' }, entry), true);
  });
});

describe('a message for people', () => {
  it('has its long strings cut, and says how much is missing', () => {
    const data = JSON.stringify({ type: 'audio', data: 'A'.repeat(5000) });
    assert.match(readable(data), /"data": "A{48}… \(\+4952\)"/);
    assert.equal(typeOf(data), 'audio');
  });

  it('says what it says on one line', () => {
    const text = '{"type":"transcript_delta","role":"assistant","text":" boats","turnId":"t","timestamp":1}';
    assert.equal(gist(text), 'text " boats"  role "assistant"');
  });

  it('is found whatever a server sends', () => {
    const anything = fc.oneof(fc.string(), fc.json(), fc.anything());
    fc.assert(
      fc.property(anything, (data) => {
        for (const text of [readable(data), gist(data), typeOf(data)]) assert.equal(typeof text, 'string');
        new MessageLog().add('received', data, 0);
      }),
    );
    const deep = `{"type":"error","message":${'['.repeat(60_000)}${']'.repeat(60_000)}}`;
    assert.equal(gist(deep), 'message …');
    assert.equal(typeOf(new ArrayBuffer(3)), '?');
    assert.equal(readable(new ArrayBuffer(3)), '(3 bytes, no text)');
  });
});
