import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../../src/errors.ts';
import { parseClientMessage } from '../../src/protocol/client-messages.ts';
import { frame, RawSocket } from '../support/raw-socket.ts';
import { underAttack } from '../support/witness.ts';

/** A row: the text of a message (or its bytes, binary), and the code of the `error` that answers it; 'lives': none must. */
interface HostileMessage {
  readonly what: string;
  readonly send: string | Buffer;
  readonly expect: string;
}

/** JSON as a string builds it, for what JSON.stringify would never write. */
const ROWS: readonly HostileMessage[] = [
  { what: 'nothing', send: '', expect: 'not_json' },
  { what: 'white space', send: ' \n ', expect: 'not_json' },
  { what: 'half an object', send: '{"type":"ping"', expect: 'not_json' },
  { what: 'two objects', send: '{"type":"ping"}{"type":"ping"}', expect: 'not_json' },
  { what: 'a byte order mark', send: '\ufeff{"type":"ping"}', expect: 'not_json' },
  { what: 'NaN', send: '{"type":"playback","turnId":"t","playedMs":NaN}', expect: 'not_json' },
  { what: 'a comment', send: '{"type":"ping"/**/}', expect: 'not_json' },
  { what: 'null', send: 'null', expect: 'invalid_message' },
  { what: 'a number', send: '1e999', expect: 'invalid_message' },
  { what: 'a string', send: '"ping"', expect: 'invalid_message' },
  { what: 'an array', send: '[{"type":"ping"}]', expect: 'invalid_message' },
  {
    what: '32,000 arrays in one another',
    send: '['.repeat(32_000) + ']'.repeat(32_000),
    expect: 'invalid_message',
  },
  { what: 'no type', send: '{}', expect: 'invalid_message' },
  { what: 'a type that is no string', send: '{"type":{"toString":"ping"}}', expect: 'invalid_message' },
  { what: 'a type from the prototype', send: '{"__proto__":{"type":"ping"}}', expect: 'invalid_message' },
  { what: 'the type __proto__', send: '{"type":"__proto__"}', expect: 'unknown_type' },
  { what: 'the type constructor', send: '{"type":"constructor"}', expect: 'unknown_type' },
  { what: 'the type toString', send: '{"type":"toString"}', expect: 'unknown_type' },
  { what: 'a type in capitals', send: '{"type":"PING"}', expect: 'unknown_type' },
  { what: 'a type of the server’s', send: '{"type":"sync_frame"}', expect: 'unknown_type' },
  { what: 'a type of 60,000 characters', send: `{"type":"${'x'.repeat(60_000)}"}`, expect: 'unknown_type' },
  { what: 'the type twice', send: '{"type":"interrupt","type":"ping"}', expect: 'lives' },
  { what: '10,000 fields', send: `{"type":"ping"${',"x":1'.repeat(10_000)}}`, expect: 'lives' },
  {
    what: 'fields of the prototype',
    send: '{"type":"ping","__proto__":{"x":1},"constructor":null}',
    expect: 'lives',
  },
  { what: 'text without data', send: '{"type":"text"}', expect: 'invalid_message' },
  { what: 'text that is empty', send: '{"type":"text","data":""}', expect: 'invalid_message' },
  { what: 'text that is a list', send: '{"type":"text","data":["x"]}', expect: 'invalid_message' },
  {
    what: 'text of 4,001 characters',
    send: `{"type":"text","data":"${'x'.repeat(4001)}"}`,
    expect: 'text_too_long',
  },
  { what: 'text of half a character', send: '{"type":"text","data":"\\ud800"}', expect: 'lives' },
  {
    what: 'text of control characters',
    send: '{"type":"text","data":"\\u0000\\u001b[2J\\u202e"}',
    expect: 'lives',
  },
  {
    what: 'text that is a script',
    send: '{"type":"text","data":"<script>alert(1)</script>"}',
    expect: 'lives',
  },
  {
    what: 'a userId of 257 characters',
    send: `{"type":"text","data":"x","userId":"${'x'.repeat(257)}"}`,
    expect: 'invalid_message',
  },
  { what: 'sound that is no base64', send: '{"type":"audio","data":"!!!!AAA*A="}', expect: 'invalid_audio' },
  {
    what: 'sound in base64 for addresses',
    send: '{"type":"audio","data":"__--__--"}',
    expect: 'invalid_audio',
  },
  { what: 'sound without its padding', send: '{"type":"audio","data":"AAA"}', expect: 'invalid_audio' },
  { what: 'sound that is empty', send: '{"type":"audio","data":""}', expect: 'invalid_audio' },
  {
    what: 'sound of an odd number of bytes',
    send: '{"type":"audio","data":"AAAA"}',
    expect: 'invalid_audio',
  },
  { what: 'sound that is a number', send: '{"type":"audio","data":1}', expect: 'invalid_message' },
  { what: 'sound before a start', send: '{"type":"audio","data":"AAAAAAAA"}', expect: 'lives' },
  { what: 'binary sound before a start', send: Buffer.alloc(4800), expect: 'lives' },
  { what: 'binary sound, odd', send: Buffer.alloc(4801), expect: 'invalid_audio' },
  { what: 'a binary of just under 64 KiB', send: Buffer.alloc(64_000), expect: 'lives' },
  {
    what: 'a microphone of 1 Hz',
    send: '{"type":"audio_stream_start","sampleRate":1}',
    expect: 'invalid_message',
  },
  {
    what: 'a microphone of 1e309 Hz',
    send: '{"type":"audio_stream_start","sampleRate":1e309}',
    expect: 'invalid_message',
  },
  { what: 'an end without a start', send: '{"type":"audio_stream_end"}', expect: 'lives' },
  { what: 'an interrupt of nothing', send: '{"type":"interrupt"}', expect: 'lives' },
  {
    what: 'playback below zero',
    send: '{"type":"playback","turnId":"t","playedMs":-1}',
    expect: 'invalid_message',
  },
  {
    what: 'playback of a turn that never was',
    send: '{"type":"playback","turnId":"t","playedMs":1e7}',
    expect: 'lives',
  },
  {
    what: 'the answer to a call that never was',
    send: '{"type":"action_result","callId":"x","result":{}}',
    expect: 'lives',
  },
  {
    what: 'a picture that is none',
    send: '{"type":"image","data":"AAAA","mimeType":"image/png"}',
    expect: 'invalid_image',
  },
  {
    what: 'a picture that is a drawing',
    send: '{"type":"image","data":"AAAA","mimeType":"image/svg+xml"}',
    expect: 'invalid_message',
  },
  {
    what: 'a picture of 1 MiB that is none',
    send: `{"type":"image","data":"${'A'.repeat(1_000_000)}","mimeType":"image/png"}`,
    expect: 'invalid_image',
  },
  {
    what: 'a PNG of 2 billion pixels on a side',
    send: JSON.stringify({
      type: 'image',
      mimeType: 'image/png',
      data: Buffer.from('89504e470d0a1a0a0000000d494844527fffffff7fffffff0806000000', 'hex').toString(
        'base64',
      ),
    }),
    expect: 'invalid_image',
  },
];

const attacked = underAttack();

for (const { what, send, expect } of ROWS) {
  test(`${what}: ${expect}`, async () => {
    const raw = await RawSocket.upgraded(attacked.port);
    raw.write(frame({ payload: send, opcode: typeof send === 'string' ? 1 : 2 }));
    if (expect !== 'lives') {
      assert.ok(await raw.until(() => raw.messages.some(({ type }) => type === 'error')));
      assert.deepEqual(
        raw.messages.filter(({ type }) => type === 'error').map(({ code }) => code),
        [expect],
      );
    }
    raw.write(frame({ payload: '{"type":"ping"}' }));
    assert.ok(
      await raw.until(() => raw.messages.some(({ type }) => type === 'pong')),
      'the session lives on',
    );
    if (expect === 'lives') assert.ok(!raw.messages.some(({ type }) => type === 'error'));
    raw.destroy();
    attacked.unnoticed(what);
  });
}

test('20,000 messages of any kind are read, or refused with a ProtocolError, and nothing else', () => {
  const seeds = ROWS.map(({ send }) => Buffer.from(send));
  const known = fc.constantFrom(
    'text',
    'audio',
    'audio_stream_start',
    'image',
    'playback',
    'action_result',
    'ping',
  );
  const field = fc.constantFrom(
    'data',
    'sampleRate',
    'mimeType',
    'caption',
    'turnId',
    'playedMs',
    'callId',
    'userId',
  );
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .tuple(known, fc.dictionary(field, fc.jsonValue()))
      .map(([type, fields]) => Buffer.from(JSON.stringify({ type, ...fields }))),
    // A seed with a byte changed.
    fc
      .tuple(
        fc.constantFrom(...seeds.filter(({ length }) => length > 0 && length < 1000)),
        fc.nat(),
        fc.nat(255),
      )
      .map(([seed, at, byte]) => Buffer.from(seed.with(at % seed.length, byte))),
  );
  fc.assert(
    fc.property(message, fc.boolean(), (bytes, isBinary) => {
      try {
        assert.equal(typeof parseClientMessage(bytes, isBinary).type, 'string');
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 20_000 },
  );
});
