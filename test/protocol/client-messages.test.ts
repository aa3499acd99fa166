import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type ErrorCode, ProtocolError } from '../../src/errors.ts';
import {
  type ClientMessage,
  MAX_MESSAGE_BYTES,
  MAX_TEXT_CHARS,
  parseClientMessage,
} from '../../src/protocol/client-messages.ts';
import { SAMPLE_RATES } from '../../src/protocol/sample-rates.ts';

const TYPES = ['text', 'audio_stream_start', 'audio', 'audio_stream_end', 'interrupt', 'ping'];

function parseText(text: string): ClientMessage {
  return parseClientMessage(Buffer.from(text), false);
}

function parseJson(json: unknown): ClientMessage {
  return parseText(JSON.stringify(json));
}

/** The error that parsing throws; fails if it throws none, or something else. */
function refusal(parse: () => unknown): ProtocolError {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `threw ${String(error)}`);
    return error;
  }
  return assert.fail('was accepted');
}

function assertRefused(text: string, code: ErrorCode): void {
  assert.equal(refusal(() => parseText(text)).code, code, text.slice(0, 60));
}

/** Whatever the bytes are: a message of a known type, or a ProtocolError. */
function assertMessageOrProtocolError(data: Buffer, isBinary: boolean): void {
  let message: ClientMessage;
  try {
    message = parseClientMessage(data, isBinary);
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `threw ${String(error)}`);
    return;
  }
  assert.ok(TYPES.includes(message.type));
}

test('reads typed text, with and without a user id', () => {
  assert.deepEqual(parseJson({ type: 'text', data: 'Hello' }), { type: 'text', data: 'Hello' });
  assert.deepEqual(parseJson({ type: 'text', data: 'Hello', userId: 'u1', timestamp: 1 }), {
    type: 'text',
    data: 'Hello',
    userId: 'u1',
  });
});

test('reads the start of a microphone stream, with each sample rate this server speaks, or none', () => {
  assert.deepEqual(parseJson({ type: 'audio_stream_start' }), { type: 'audio_stream_start' });
  for (const sampleRate of SAMPLE_RATES) {
    assert.deepEqual(parseJson({ type: 'audio_stream_start', userId: 'user_1', sampleRate }), {
      type: 'audio_stream_start',
      userId: 'user_1',
      sampleRate,
    });
  }
});

test('reads the messages that are only a type, and drops fields it does not know', () => {
  assert.deepEqual(parseJson({ type: 'audio_stream_end' }), { type: 'audio_stream_end' });
  assert.deepEqual(parseJson({ type: 'interrupt', turnId: 'x' }), { type: 'interrupt' });
  assert.deepEqual(parseJson({ type: 'ping', timestamp: 1_700_000_000_000 }), { type: 'ping' });
});

test('decodes base64 sound to samples', () => {
  const pcm = Int16Array.of(0, 1, -1, 32_767, -32_768);
  const data = Buffer.from(pcm.buffer).toString('base64');
  assert.deepEqual(parseJson({ type: 'audio', data }), { type: 'audio', pcm });
});

test('takes binary PCM as sound, also from an odd offset of a shared buffer', () => {
  const pcm = Int16Array.of(5, -6, 7000);
  const pool = Buffer.alloc(32);
  Buffer.from(pcm.buffer).copy(pool, 3);
  assert.deepEqual(parseClientMessage(pool.subarray(3, 9), true), { type: 'audio', pcm });
});

test('sound stays as it was when the buffer it came in is used again', () => {
  const received = Buffer.from(Int16Array.of(1, 2, 3).buffer);
  const message = parseClientMessage(received, true);
  received.fill(0xff);
  assert.deepEqual(message, { type: 'audio', pcm: Int16Array.of(1, 2, 3) });
});

test('refuses what is not JSON', () => {
  for (const text of ['', ' ', 'hello', '{', '{"type":"ping"', "{'type':'ping'}", '\u0000', '{"type":NaN}']) {
    assertRefused(text, 'not_json');
  }
});

test('refuses JSON that is not an object', () => {
  for (const text of ['null', '[]', '[{"type":"ping"}]', '"ping"', '1', 'true']) {
    assertRefused(text, 'invalid_message');
  }
});

test('refuses an object without a type of its own', () => {
  for (const text of [
    '{}',
    '{"type":null}',
    '{"type":1}',
    '{"type":["ping"]}',
    '{"Type":"ping"}',
    '{"__proto__":{"type":"ping"}}',
  ]) {
    assertRefused(text, 'invalid_message');
  }
});

test('refuses a type it does not know, also one that every object inherits', () => {
  for (const type of ['', 'Ping', 'pong', 'config', 'audio_input', '__proto__', 'constructor', 'toString']) {
    assertRefused(JSON.stringify({ type }), 'unknown_type');
  }
});

test('refuses a message whose field is missing, empty, too long or of the wrong type, and names the field', () => {
  const bad: readonly (readonly [message: object, field: string])[] = [
    [{ type: 'text' }, 'data'],
    [{ type: 'text', data: '' }, 'data'],
    [{ type: 'text', data: null }, 'data'],
    [{ type: 'text', data: { toString: 'x' } }, 'data'],
    [{ type: 'text', data: 'x', userId: 1 }, 'userId'],
    [{ type: 'text', data: 'x', userId: 'x'.repeat(257) }, 'userId'],
    [{ type: 'audio' }, 'data'],
    [{ type: 'audio', data: [1, 2] }, 'data'],
    [{ type: 'audio_stream_start', userId: {} }, 'userId'],
    [{ type: 'audio_stream_start', sampleRate: '24000' }, 'sampleRate'],
    [{ type: 'audio_stream_start', sampleRate: 24_001 }, 'sampleRate'],
    [{ type: 'audio_stream_start', sampleRate: 0 }, 'sampleRate'],
    [{ type: 'audio_stream_start', sampleRate: -16_000 }, 'sampleRate'],
  ];
  for (const [message, field] of bad) {
    const { code, publicMessage } = refusal(() => parseJson(message));
    assert.equal(code, 'invalid_message', JSON.stringify(message).slice(0, 80));
    assert.ok(publicMessage.includes(`: ${field}: `), publicMessage);
  }
});

test('refuses sound that is not strict base64, is empty, or has half a sample', () => {
  for (const data of [
    '',
    'AAA',
    'AAAAA',
    'AA==AA==',
    'AA A',
    'AAA\n',
    'AA-_',
    'data:audio/pcm;base64,AAAA',
    '====',
    'A===',
    'ÄÄÄÄ',
    Buffer.alloc(1).toString('base64'),
    Buffer.alloc(3).toString('base64'),
    Buffer.alloc(4801).toString('base64'),
  ]) {
    assertRefused(JSON.stringify({ type: 'audio', data }), 'invalid_audio');
  }
});

test('refuses binary sound that is empty or has half a sample', () => {
  for (const bytes of [0, 1, 3, 4801]) {
    assert.equal(refusal(() => parseClientMessage(Buffer.alloc(bytes), true)).code, 'invalid_audio');
  }
});

test('refuses a message of 64 KiB or more, text or binary, before it reads it', () => {
  const over = Buffer.alloc(MAX_MESSAGE_BYTES, '[');
  assert.equal(refusal(() => parseClientMessage(over, false)).code, 'message_too_large');
  assert.equal(refusal(() => parseClientMessage(over, true)).code, 'message_too_large');
  const under = Buffer.alloc(MAX_MESSAGE_BYTES - 2);
  assert.equal(parseClientMessage(under, true).type, 'audio');
});

test('a message of more than 64 KiB that is all structure and no picture is refused before it is parsed', () => {
  const half = 400_000;
  for (const value of [
    '['.repeat(half) + ']'.repeat(half),
    `[${'[],'.repeat(half / 3)}[]]`,
    `[${'"",'.repeat(half / 3)}""]`,
    `"${'\\"'.repeat(half)}"`,
    `{${Array.from({ length: half / 10 }, (_, index) => `"${index}":1`).join()}}`,
    ' '.repeat(half),
    `"${'\\'.repeat(10)}",[${'[],'.repeat(half / 3)}[]`,
    `"\\"",[${'[],'.repeat(half / 3)}[]`,
  ]) {
    assertRefused(`{"type":"image","mimeType":"image/png","data":${value}}`, 'message_too_large');
  }
});

test('a picture of more than 64 KiB may have a caption full of brackets and quotes, and an end that is missing', () => {
  const data = Buffer.alloc(100_000).toString('base64');
  for (const caption of ['["]'.repeat(333), '"'.repeat(1000), '\\'.repeat(1000)]) {
    assertRefused(JSON.stringify({ type: 'image', mimeType: 'image/png', caption, data }), 'invalid_image');
  }
  assertRefused(`{"type":"image","data":"${data}`, 'not_json');
});

test('counts bytes, not characters, towards the 64 KiB', () => {
  assertRefused(
    JSON.stringify({ type: 'ping', note: '🙂'.repeat(MAX_MESSAGE_BYTES / 4) }),
    'message_too_large',
  );
});

test('survives 30,000 arrays in one another, outside and inside a field', () => {
  const nested = '['.repeat(30_000) + ']'.repeat(30_000);
  assertRefused(nested, 'invalid_message');
  assertRefused(`{"type":"text","data":${nested}}`, 'invalid_message');
  assert.deepEqual(parseText(`{"type":"ping","note":${nested}}`), { type: 'ping' });
});

test('survives lone surrogates and bytes that are not UTF-8', () => {
  assert.equal(parseText('{"type":"text","data":"\\ud800"}').type, 'text');
  assertMessageOrProtocolError(Buffer.from([0x22, 0xff, 0xfe, 0x22]), false);
  assert.equal(
    parseClientMessage(Buffer.from('{"type":"text","data":"\xff"}', 'latin1'), false).type,
    'text',
  );
});

test('takes text of 4,000 characters and refuses one more', () => {
  assert.equal(parseJson({ type: 'text', data: 'x'.repeat(MAX_TEXT_CHARS) }).type, 'text');
  assertRefused(JSON.stringify({ type: 'text', data: 'x'.repeat(MAX_TEXT_CHARS + 1) }), 'text_too_long');
});

test('never tells a client anything of what it sent', () => {
  const secret = 'SECRET-7f3a';
  for (const message of [
    { type: secret },
    { type: 'text', data: [secret] },
    { type: 'audio', data: secret },
  ]) {
    assert.ok(!refusal(() => parseJson(message)).publicMessage.includes(secret));
  }
});

test('any text is a message or a ProtocolError', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      assertMessageOrProtocolError(Buffer.from(text), false),
    ),
    { numRuns: 2000 },
  );
});

test('any JSON value is a message or a ProtocolError', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) =>
      assertMessageOrProtocolError(Buffer.from(JSON.stringify(json)), false),
    ),
    { numRuns: 2000 },
  );
});

test('any object with a known type and other fields is a message or a ProtocolError', () => {
  const field = fc.oneof(fc.jsonValue(), fc.base64String(), fc.constantFrom<number>(...SAMPLE_RATES));
  const message = fc.record(
    { type: fc.constantFrom(...TYPES), data: field, userId: field, sampleRate: field, ['__proto__']: field },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(message, (json) => assertMessageOrProtocolError(Buffer.from(JSON.stringify(json)), false)),
    { numRuns: 3000 },
  );
});

test('any bytes are a message or a ProtocolError, as text and as binary', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isBinary) =>
      assertMessageOrProtocolError(Buffer.from(bytes), isBinary),
    ),
    { numRuns: 3000 },
  );
});

test('any samples arrive unchanged, as base64 and as binary', () => {
  fc.assert(
    fc.property(fc.int16Array({ minLength: 1 }), (pcm) => {
      const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      const expected = { type: 'audio', pcm: new Int16Array(pcm) };
      assert.deepEqual(parseClientMessage(bytes, true), expected);
      assert.deepEqual(parseJson({ type: 'audio', data: bytes.toString('base64') }), expected);
    }),
  );
});

test('the error about a text that is no JSON holds nothing of it', () => {
  assert.throws(
    () => parseClientMessage(Buffer.from('sentinel'), false),
    (error) => error instanceof Error && !inspect(error).includes('sentinel'),
  );
});
