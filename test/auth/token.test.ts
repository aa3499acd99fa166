import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Tokens } from '../../src/auth/token.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';

const ORIGIN = 'https://a.b';
const SECRET = 'a secret of more than thirty-two bytes';
const TTL_S = 3600;

/** A maker of tokens whose wall clock stands at `seconds`. */
function at(seconds: number, secret = SECRET): Tokens {
  const clock = new FakeClock();
  clock.jumpWall(seconds * 1000 - clock.wallNow());
  return new Tokens(secret, TTL_S, clock);
}

/** A token put together by hand, as the reference server does. */
function made(seconds: number | string, origin = ORIGIN, secret = SECRET): string {
  const signature = createHmac('sha256', secret).update(`${seconds}:${origin}`).digest('hex');
  return Buffer.from(`${seconds}:${signature}`).toString('base64');
}

const NOW = 1_795_354_103;
const tokens = at(NOW);
const good = tokens.issue(ORIGIN);

test('the token is the reference server’s, byte for byte', () => {
  const hex = '479ed33b9dcdcc723792638c75ffc881cd7a6ba99e38f95af22c18053afda3e6';
  const token = Buffer.from(`1795354103:${hex}`).toString('base64');
  assert.equal(at(NOW, 'secret').issue('https://a.b'), token);
  assert.equal(at(NOW, 'secret').fault(token, 'https://a.b'), undefined);
});

test('a token is good at its own origin, as often as you like, until its time is over', () => {
  assert.equal(tokens.fault(good, ORIGIN), undefined);
  assert.equal(tokens.fault(good, ORIGIN), undefined);
  assert.equal(at(NOW + TTL_S).fault(good, ORIGIN), undefined);
  assert.equal(at(NOW + TTL_S + 1).fault(good, ORIGIN), 'expired_token');
  assert.equal(tokens.fault(made(NOW - TTL_S - 1), ORIGIN), 'expired_token');
});

test('a token from up to a minute ahead is another node’s clock, from further ahead it is none', () => {
  assert.equal(tokens.fault(made(NOW + 60), ORIGIN), undefined);
  assert.equal(tokens.fault(made(NOW + 61), ORIGIN), 'token_from_the_future');
});

test('a token is good nowhere else, and made by nobody else', () => {
  assert.equal(tokens.fault(good, 'https://a.c'), 'wrong_signature');
  assert.equal(tokens.fault(good, `${ORIGIN}/`), 'wrong_signature');
  assert.equal(at(NOW, `${SECRET}.`).fault(good, ORIGIN), 'wrong_signature');
  assert.equal(at(NOW, '').fault(good, ORIGIN), 'wrong_signature');
});

test('no token, or none to speak of', () => {
  assert.equal(tokens.fault(undefined, ORIGIN), 'missing_token');
  assert.equal(tokens.fault('', ORIGIN), 'missing_token');
});

test('each bit that is flipped makes it worthless', () => {
  const bytes = Buffer.from(good, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.notEqual(tokens.fault(flipped.toString('base64'), ORIGIN), undefined, `bit ${bit}`);
  }
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const text = Buffer.from(good);
    text.writeUInt8(text.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.notEqual(tokens.fault(text.toString('latin1'), ORIGIN), undefined, `bit ${bit} of the text`);
  }
});

test('each length it is cut to makes it worthless, of the text and of what is in it', () => {
  const bytes = Buffer.from(good, 'base64');
  for (let length = 0; length < good.length; length += 1) {
    assert.notEqual(tokens.fault(good.slice(0, length), ORIGIN), undefined, `${length}`);
  }
  for (let length = 0; length < bytes.length; length += 1) {
    assert.notEqual(tokens.fault(bytes.toString('base64', 0, length), ORIGIN), undefined, `${length}`);
  }
});

test('the same bytes written in another way are not the same token', () => {
  // 11 digits of seconds: 76 bytes, so that there is padding and there are bits that base64 does not use.
  const padded = made('17953541030');
  assert.equal(at(17_953_541_030).fault(padded, ORIGIN), undefined);
  assert.match(padded, /[^=]==$/);
  const unused = padded.replace(
    /(.)==$/,
    (_all, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}==`,
  );
  assert.deepEqual(Buffer.from(unused, 'base64'), Buffer.from(padded, 'base64'));
  const others = [
    unused,
    padded.replace(/=+$/, ''),
    padded.replace(/=$/, ''),
    `${padded}=`,
    ` ${padded}`,
    `${padded}\n`,
    `${padded.slice(0, 40)}\n${padded.slice(40)}`,
    `!${padded}`,
    padded.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  ];
  for (const other of others) {
    assert.equal(at(17_953_541_030).fault(other, ORIGIN), 'malformed_token', JSON.stringify(other));
  }
});

test('seconds are digits and nothing else, and the signature is in small letters', () => {
  for (const seconds of [
    `0${NOW}`,
    `+${NOW}`,
    `${NOW}.0`,
    '1e9',
    ` ${NOW}`,
    `${NOW} `,
    '-1',
    '',
    '0x10',
    '٣',
  ]) {
    assert.equal(tokens.fault(made(seconds), ORIGIN), 'malformed_token', JSON.stringify(seconds));
  }
  const decoded = Buffer.from(good, 'base64').toString();
  for (const other of [
    decoded.toUpperCase(),
    `${decoded}:`,
    decoded.replace(':', '::'),
    decoded.replace(':', ''),
  ]) {
    assert.equal(tokens.fault(Buffer.from(other).toString('base64'), ORIGIN), 'malformed_token', other);
  }
});

test('a token of ten kilobytes is worthless, also one that begins with a good one', () => {
  assert.equal(tokens.fault('A'.repeat(10_240), ORIGIN), 'malformed_token');
  assert.equal(tokens.fault(good + 'A'.repeat(10_240), ORIGIN), 'malformed_token');
});

test('any text at all is a fault with a name, never an exception', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.constant('é').map((e) => good + e),
  );
  fc.assert(
    fc.property(text, (token) => {
      assert.equal(typeof tokens.fault(token, ORIGIN), 'string');
    }),
    { numRuns: 1000 },
  );
});

test('what one issues, another with the same secret takes, for any origin and time', () => {
  fc.assert(
    fc.property(fc.webUrl(), fc.integer({ min: 0, max: 99_999_999_999 }), (url, seconds) => {
      const { origin } = new URL(url);
      const token = at(seconds).issue(origin);
      assert.equal(token, made(seconds, origin));
      assert.equal(at(seconds + 5).fault(token, origin), undefined);
    }),
  );
});

test('the wall clock alone decides: it may be set forth and back', () => {
  const clock = new FakeClock();
  const own = new Tokens(SECRET, TTL_S, clock);
  const token = own.issue(ORIGIN);
  clock.jumpWall(TTL_S * 1000 + 1000);
  assert.equal(own.fault(token, ORIGIN), 'expired_token');
  clock.jumpWall(-TTL_S * 1000);
  assert.equal(own.fault(token, ORIGIN), undefined);
});
