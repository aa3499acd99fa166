import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeWav, encodeWav } from '../../src/audio/wav.ts';

/** A chunk of a RIFF file, padded to an even length as the format wants it. */
function chunk(name: string, body: Uint8Array, claimedLength = body.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(claimedLength, 4);
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)]);
}

function format({ code = 1, channels = 1, sampleRate = 16_000, bits = 16 } = {}): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(code, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(sampleRate, 4);
  body.writeUInt32LE((sampleRate * channels * bits) / 8, 8);
  body.writeUInt16LE((channels * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  return chunk('fmt ', body);
}

function data(pcm: Int16Array, claimedLength?: number): Buffer {
  return chunk('data', new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), claimedLength);
}

function riff(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([chunk('RIFF', Buffer.from('WAVE')), ...chunks]);
}

const PCM = Int16Array.of(1, -2, 3, -4);

test('what is written is read back, at any rate, also from a view and from an odd offset', () => {
  fc.assert(
    fc.property(
      fc.int16Array(),
      fc.integer({ min: 1, max: 192_000 }),
      fc.nat(4),
      (whole, sampleRate, skip) => {
        const pcm = whole.subarray(skip);
        const bytes = encodeWav({ sampleRate, pcm });
        const shifted = Buffer.concat([Buffer.alloc(1), bytes]).subarray(1);
        assert.deepEqual(decodeWav(shifted), { sampleRate, pcm: new Int16Array(pcm) });
      },
    ),
  );
});

test('the header says what players expect', () => {
  const bytes = Buffer.from(encodeWav({ sampleRate: 24_000, pcm: PCM }));
  assert.deepEqual(bytes.subarray(8), riff(format({ sampleRate: 24_000 }), data(PCM)).subarray(8));
  assert.equal(bytes.toString('latin1', 0, 4), 'RIFF');
  assert.equal(bytes.readUInt32LE(4), bytes.length - 8);
});

test('chunks it does not know are skipped, also those of odd length', () => {
  const bytes = riff(
    chunk('LIST', Buffer.from('made by a test')),
    format({ sampleRate: 8000 }),
    chunk('fact', Buffer.from('odd')),
    data(PCM),
    chunk('id3 ', Buffer.from('x')),
  );
  assert.deepEqual(decodeWav(bytes), { sampleRate: 8000, pcm: PCM });
});

test('of stereo sound the first channel is taken', () => {
  const bytes = riff(format({ channels: 2 }), data(Int16Array.of(1, 100, 2, 200, 3, 300)));
  assert.deepEqual(decodeWav(bytes).pcm, Int16Array.of(1, 2, 3));
});

test('a length left open by a writer that streams means: to the end', () => {
  assert.deepEqual(decodeWav(riff(format(), data(PCM, 0xffff_ffff))).pcm, PCM);
});

test('a file cut short gives the whole samples that are there', () => {
  const bytes = riff(format(), data(PCM));
  assert.deepEqual(decodeWav(bytes.subarray(0, -3)).pcm, Int16Array.of(1, -2));
});

test('anything but 16-bit PCM is refused', () => {
  for (const other of [{ code: 3 }, { bits: 8 }, { bits: 24 }, { channels: 0 }]) {
    assert.throws(() => decodeWav(riff(format(other), data(PCM))), RangeError);
  }
});

test('sound before its format, no sound, and no format are refused', () => {
  const filling = chunk('junk', Buffer.alloc(40));
  for (const bytes of [riff(data(PCM), format()), riff(format(), filling), riff(filling), riff()]) {
    assert.throws(() => decodeWav(bytes), RangeError);
  }
});

test('any bytes, also after a proper start, are read or refused with a RangeError', () => {
  const start = fc.constantFrom(Buffer.alloc(0), riff(), riff(format()), riff(format({ channels: 3 })));
  const name = fc.constantFrom('fmt ', 'data', 'junk').map((text) => Buffer.from(text));
  const bytes = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(start, name, bytes, bytes, (head, chunkName, middle, tail) => {
      try {
        decodeWav(Buffer.concat([head, middle, chunkName, tail]));
        decodeWav(Buffer.concat([head, chunkName, tail]));
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('chunks that all claim to be empty end with the file', () => {
  const emptyChunks = Buffer.concat(Array.from({ length: 1000 }, () => chunk('junk', new Uint8Array(0))));
  assert.throws(() => decodeWav(riff(emptyChunks)), RangeError);
});
