import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { startSession } from '../support/session.ts';

/** A PNG of one colour; `padding` bytes of text make it as large as wanted. */
function png(width: number, height: number, padding = 0): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.alloc(padding, 0x61)),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function imageMessage(bytes: Buffer, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: 'image', data: bytes.toString('base64'), mimeType: 'image/png', ...fields };
}

test('a picture reaches an agent that can see, byte for byte, with its caption', async () => {
  const { voice, say, transport } = await startSession();
  say(imageMessage(png(640, 480), { caption: 'my desk' }));
  const [call] = voice.calls;
  assert.ok(call?.method === 'sendImage');
  assert.deepEqual(Buffer.from(call.image.bytes), png(640, 480));
  assert.equal(call.image.mimeType, 'image/png');
  assert.equal(call.image.caption, 'my desk');
  assert.deepEqual(transport.of('error'), []);
});

test('a picture of some hundred kilobytes passes, one after the other, not as a flood', async () => {
  const { voice, say, transport } = await startSession();
  for (let count = 0; count < 10; count += 1) say(imageMessage(png(640, 480, 300_000)));
  assert.equal(voice.calls.length, 4);
  assert.deepEqual(
    transport.of('error').map((error) => error['code']),
    ['rate_limited'],
  );
});

test('what is no picture, not what it was called, or too large is refused', async () => {
  const bad: readonly (readonly [code: string, message: Record<string, unknown>])[] = [
    ['invalid_image', imageMessage(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['invalid_image', imageMessage(png(10, 10), { mimeType: 'image/jpeg' })],
    ['invalid_image', imageMessage(png(5000, 10))],
    ['invalid_image', imageMessage(png(0, 10))],
    ['invalid_image', imageMessage(Buffer.alloc(0))],
    ['invalid_image', imageMessage(png(10, 10).subarray(0, 12))],
    ['invalid_image', imageMessage(png(10, 10, 720_000))],
    ['invalid_image', { type: 'image', data: '!!!!', mimeType: 'image/png' }],
    ['invalid_message', imageMessage(png(10, 10), { mimeType: 'image/gif' })],
    ['message_too_large', { data: 'A'.repeat(100_000), type: 'image', mimeType: 'image/png' }],
  ];
  for (const [code, message] of bad) {
    const { voice, say, transport } = await startSession();
    say(message);
    assert.deepEqual(
      transport.of('error').map((error) => error['code']),
      [code],
    );
    assert.deepEqual(voice.calls, []);
  }
});

test('an agent that cannot see answers with a code of its own', async () => {
  const started = await startSession();
  Object.assign(started.agent, { capabilities: { ...started.agent.capabilities, vision: false } });
  started.say(imageMessage(png(10, 10)));
  assert.equal(started.transport.of('error')[0]?.['code'], 'agent_cannot_see');
});
