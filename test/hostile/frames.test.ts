import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame, RawSocket } from '../support/raw-socket.ts';
import { underAttack } from '../support/witness.ts';

/** A row: what is sent after the handshake, and what must follow. */
interface HostileFrames {
  readonly what: string;
  readonly send: Buffer;
  readonly expect:
    | { readonly close: number }
    /** An `error` of this code, and the session lives on. */
    | { readonly error: string }
    /** Nothing in particular: the session lives on. */
    | 'lives';
}

const PING = frame({ payload: '{"type":"ping"}' });
const KIB = 1024;

function closing(code: number | undefined, reason: string | Buffer = ''): Buffer {
  const status = Buffer.alloc(code === undefined ? 0 : 2);
  if (code !== undefined) status.writeUInt16BE(code);
  return frame({ opcode: 8, payload: Buffer.concat([status, Buffer.from(reason)]) });
}

function many(count: number, bytes: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}

const ROWS: readonly HostileFrames[] = [
  {
    what: 'RSV1 set, as if compressed',
    send: frame({ reserved: 4, payload: '{}' }),
    expect: { close: 1002 },
  },
  { what: 'RSV2 set', send: frame({ reserved: 2, payload: '{}' }), expect: { close: 1002 } },
  { what: 'RSV3 set', send: frame({ reserved: 1, payload: '{}' }), expect: { close: 1002 } },
  { what: 'all RSV bits set', send: frame({ reserved: 7, payload: '{}' }), expect: { close: 1002 } },
  { what: 'RSV1 on a ping', send: frame({ reserved: 4, opcode: 9 }), expect: { close: 1002 } },
  { what: 'RSV1 on a close', send: frame({ reserved: 4, opcode: 8 }), expect: { close: 1002 } },
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
    what: `opcode ${opcode}`,
    send: frame({ opcode, payload: 'x' }),
    expect: { close: 1002 },
  })),
  { what: 'an unmasked text', send: frame({ masked: false, payload: '{}' }), expect: { close: 1002 } },
  { what: 'an unmasked ping', send: frame({ masked: false, opcode: 9 }), expect: { close: 1002 } },
  { what: 'an unmasked close', send: frame({ masked: false, opcode: 8 }), expect: { close: 1002 } },
  { what: 'a continuation of nothing', send: frame({ opcode: 0, payload: '{}' }), expect: { close: 1002 } },
  {
    what: 'a text that begins inside another',
    send: many(2, frame({ fin: false, payload: '{' })),
    expect: { close: 1002 },
  },
  {
    what: 'a binary that begins inside a text',
    send: Buffer.concat([frame({ fin: false, payload: '{' }), frame({ opcode: 2, payload: 'xx' })]),
    expect: { close: 1002 },
  },
  {
    what: 'a ping of 126 bytes',
    send: frame({ opcode: 9, payload: 'x'.repeat(126) }),
    expect: { close: 1002 },
  },
  {
    what: 'a pong of 64 KiB',
    send: frame({ opcode: 10, payload: 'x'.repeat(64 * KIB) }),
    expect: { close: 1002 },
  },
  { what: 'a ping in parts', send: frame({ fin: false, opcode: 9 }), expect: { close: 1002 } },
  { what: 'a close in parts', send: frame({ fin: false, opcode: 8 }), expect: { close: 1002 } },
  { what: 'a ping of 125 bytes', send: frame({ opcode: 9, payload: 'x'.repeat(125) }), expect: 'lives' },
  {
    what: 'a ping inside a message in parts',
    send: Buffer.concat([
      frame({ fin: false, payload: '{"type":' }),
      frame({ opcode: 9 }),
      frame({ opcode: 0, payload: '"ping"}' }),
    ]),
    expect: 'lives',
  },
  { what: 'a pong that nobody asked for', send: frame({ opcode: 10, payload: 'made up' }), expect: 'lives' },
  { what: '1,000 pongs that nobody asked for', send: many(1000, frame({ opcode: 10 })), expect: 'lives' },
  {
    what: '10,000 pongs that nobody asked for',
    send: many(10_000, frame({ opcode: 10 })),
    expect: { close: 4429 },
  },
  {
    what: 'UTF-8 that is none',
    send: frame({ payload: Buffer.from([0x7b, 0xff, 0x7d]) }),
    expect: { close: 1007 },
  },
  {
    what: 'UTF-8 longer than it must be',
    send: frame({ payload: Buffer.from([0xc0, 0xaf]) }),
    expect: { close: 1007 },
  },
  {
    what: 'UTF-8 of a surrogate',
    send: frame({ payload: Buffer.from([0xed, 0xa0, 0x80]) }),
    expect: { close: 1007 },
  },
  {
    what: 'UTF-8 cut in the middle',
    send: frame({ payload: Buffer.from([0xe2, 0x82]) }),
    expect: { close: 1007 },
  },
  {
    what: 'a character over two frames',
    send: Buffer.concat([
      frame({ fin: false, payload: Buffer.from('{"type":"\xe2', 'latin1') }),
      frame({ opcode: 0, payload: Buffer.from('\x82\xac"}', 'latin1') }),
    ]),
    expect: { error: 'unknown_type' },
  },
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) => ({
    what: `a close with code ${code}`,
    send: closing(code),
    expect: { close: 1002 },
  })),
  { what: 'a close of one byte', send: frame({ opcode: 8, payload: 'x' }), expect: { close: 1002 } },
  {
    what: 'a close whose reason is no UTF-8',
    send: closing(1000, Buffer.from([0xff])),
    expect: { close: 1007 },
  },
  { what: 'a close with a reason too long', send: closing(1000, 'x'.repeat(124)), expect: { close: 1002 } },
  { what: 'a close with code 1000', send: closing(1000), expect: { close: 1000 } },
  { what: 'a close with code 4999', send: closing(4999, 'bye'), expect: { close: 4999 } },
  { what: 'a message after a close', send: Buffer.concat([closing(1000), PING]), expect: { close: 1000 } },
  {
    what: 'a text of 64 KiB',
    send: frame({ payload: 'x'.repeat(64 * KIB) }),
    expect: { error: 'message_too_large' },
  },
  {
    what: 'a text of 1 MiB',
    send: frame({ payload: 'x'.repeat(KIB * KIB) }),
    expect: { error: 'message_too_large' },
  },
  {
    what: 'a text of 1 MiB and a byte, not even sent',
    send: frame({ claims: KIB * KIB + 1 }),
    expect: { close: 1009 },
  },
  {
    what: 'a binary of 1 MiB and a byte',
    send: frame({ opcode: 2, claims: KIB * KIB + 1 }),
    expect: { close: 1009 },
  },
  { what: 'a text that claims 2^53 bytes', send: frame({ claims: 2 ** 53 }), expect: { close: 1009 } },
  {
    what: 'a text that claims 2^63 bytes',
    send: Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    expect: { close: 1009 },
  },
  {
    what: 'parts that make more than 1 MiB together',
    send: Buffer.concat([
      frame({ fin: false, payload: 'x'.repeat(600 * KIB) }),
      frame({ opcode: 0, payload: 'x'.repeat(600 * KIB) }),
    ]),
    expect: { close: 1009 },
  },
  {
    what: '200,000 empty parts',
    send: Buffer.concat([frame({ fin: false }), many(200_000, frame({ fin: false, opcode: 0 }))]),
    expect: { close: 1008 },
  },
  { what: 'an empty text', send: frame({}), expect: { error: 'not_json' } },
  { what: 'an empty binary', send: frame({ opcode: 2 }), expect: { error: 'invalid_audio' } },
  {
    what: 'a binary of one byte',
    send: frame({ opcode: 2, payload: 'x' }),
    expect: { error: 'invalid_audio' },
  },
  {
    what: '5,000 pings at once',
    send: many(5000, frame({ opcode: 9, payload: 'x' })),
    expect: { close: 4429 },
  },
  { what: '5,000 messages at once', send: many(5000, PING), expect: { close: 4429 } },
  { what: '1,000 messages at once', send: many(1000, PING), expect: { error: 'rate_limited' } },
  {
    what: '12 MiB at once in messages that are not too large',
    send: many(200, frame({ payload: '['.repeat(63 * KIB) })),
    expect: { close: 4429 },
  },
  {
    what: '12 MiB at once in one part after another',
    send: many(
      24,
      Buffer.concat([frame({ fin: false, payload: 'x'.repeat(512 * KIB) }), frame({ opcode: 0 })]),
    ),
    expect: { close: 4429 },
  },
  { what: 'HTTP after the handshake', send: Buffer.from('GET / HTTP/1.1\r\n\r\n'), expect: { close: 1002 } },
  { what: 'zeros', send: Buffer.alloc(4096), expect: { close: 1002 } },
  { what: 'ones', send: Buffer.alloc(4096, 0xff), expect: { close: 1002 } },
];

const attacked = underAttack();

for (const { what, send, expect } of ROWS) {
  test(`${what}: ${typeof expect === 'string' ? expect : JSON.stringify(expect)}`, async () => {
    const raw = await RawSocket.upgraded(attacked.port);
    raw.write(send);
    if (typeof expect === 'object' && 'close' in expect) {
      await raw.until(() => raw.closeCode !== undefined);
      assert.equal(raw.closeCode, expect.close);
      assert.ok(await raw.until(() => raw.ended), 'the connection ends');
    } else {
      if (expect !== 'lives') {
        assert.ok(
          await raw.until(() => raw.messages.some(({ code }) => code === expect.error)),
          'is told so',
        );
      }
      const answers = raw.pongs;
      raw.write(frame({ opcode: 9, payload: 'still there?' }));
      assert.ok(await raw.until(() => raw.pongs > answers), 'the session lives on');
      assert.equal(raw.closeCode, undefined);
    }
    raw.destroy();
    attacked.unnoticed(what);
  });
}

test('when all attackers have gone, only the witness’s session is left', async () => {
  const raw = await RawSocket.open(attacked.port);
  assert.ok(await raw.until(() => attacked.app().sessions === 1));
  raw.destroy();
});
