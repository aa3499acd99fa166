import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { imageSize } from 'image-size';
import { type ImageHeader, readImageHeader } from '../../src/protocol/image-header.ts';

const PICTURES = new URL('../../docs/images/', import.meta.url);

const ends = fc.uint8Array({ maxLength: 40 });
const sides = fc.record({
  width: fc.integer({ min: 1, max: 16_383 }),
  height: fc.integer({ min: 1, max: 16_383 }),
});

function segment(marker: number, data: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length + 2);
  return Buffer.concat([Buffer.from([0xff, marker]), length, data]);
}

/** What may stand before a JPEG's frame: APP0 to APP15, tables, a comment. */
const before = fc.array(
  fc
    .tuple(fc.constantFrom(0xdb, 0xc4, 0xfe, ...Array.from({ length: 16 }, (_, app) => 0xe0 + app)), ends)
    .map(([marker, data]) => segment(marker, data)),
  { minLength: 1, maxLength: 20 },
);

function frame(marker: number, width: number, height: number): Buffer {
  const data = Buffer.alloc(15);
  data[0] = 8;
  data.writeUInt16BE(height, 1);
  data.writeUInt16BE(width, 3);
  return segment(marker, data);
}

const jpegs = fc
  .tuple(sides, before, fc.constantFrom(0xc0, 0xc1, 0xc2), ends)
  .map(([{ width, height }, first, marker, rest]) =>
    Buffer.concat([Buffer.from([0xff, 0xd8]), ...first, frame(marker, width, height), rest]),
  );

const pngs = fc.tuple(sides, ends).map(([{ width, height }, rest]) => {
  const header = Buffer.alloc(33);
  header.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  header.write('IHDR', 12);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, rest]);
});

function riff(chunk: string, data: Uint8Array): Buffer {
  const header = Buffer.alloc(20);
  header.write('RIFF');
  header.writeUInt32LE(data.length + 12, 4);
  header.write(`WEBP${chunk}`, 8);
  header.writeUInt32LE(data.length, 16);
  return Buffer.concat([header, data]);
}

const webps = fc
  .tuple(sides, fc.constantFrom('VP8 ', 'VP8L', 'VP8X'), fc.integer({ min: 0, max: 3 }), ends)
  .map(([{ width, height }, chunk, scale, rest]) => {
    const data = Buffer.alloc(10);
    if (chunk === 'VP8X') {
      data.writeUIntLE(width - 1, 4, 3);
      data.writeUIntLE(height - 1, 7, 3);
    } else if (chunk === 'VP8L') {
      data[0] = 0x2f;
      data.writeUInt32LE((((height - 1) << 14) | (width - 1)) >>> 0, 1);
    } else {
      data.set([0x30, 0, 0, 0x9d, 0x01, 0x2a]);
      data.writeUInt16LE(width | (scale << 14), 6);
      data.writeUInt16LE(height | (scale << 14), 8);
    }
    return riff(chunk, Buffer.concat([data, rest]));
  });

/** What a library that reads twenty kinds of pictures says. */
function bySomeoneElse(bytes: Uint8Array): ImageHeader {
  const { type, width, height } = imageSize(bytes);
  const types = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;
  assert.ok(type === 'jpg' || type === 'png' || type === 'webp', type);
  return { type: types[type], width, height };
}

test('pictures of every kind that is taken are read as a library reads them', () => {
  fc.assert(
    fc.property(fc.oneof(jpegs, pngs, webps), (bytes) => {
      assert.deepEqual(readImageHeader(bytes), bySomeoneElse(bytes));
    }),
    { numRuns: 500 },
  );
});

test('so are the pictures of this project', () => {
  const names = readdirSync(PICTURES).filter((name) => name.endsWith('.png'));
  assert.ok(names.length > 5);
  for (const name of names) {
    const bytes = readFileSync(new URL(name, PICTURES));
    assert.deepEqual(readImageHeader(bytes), bySomeoneElse(bytes), name);
  }
});

test('filling bytes before a marker are passed over', () => {
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xff, 0xff]), frame(0xc0, 640, 480)]);
  assert.deepEqual(readImageHeader(jpeg), { type: 'image/jpeg', width: 640, height: 480 });
});

test('a picture that ends in its header is none, and nothing makes the reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(jpegs, pngs, webps), fc.nat(), (bytes, at) => {
      const header = readImageHeader(bytes.subarray(0, at % bytes.length));
      assert.ok(header === undefined || header.width === bySomeoneElse(bytes).width);
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom('ffd8ff', '89504e47', '52494646'), fc.uint8Array(), (begin, rest) => {
      readImageHeader(Buffer.concat([Buffer.from(begin, 'hex'), rest]));
    }),
  );
});

test('kinds that are not taken are not looked into', () => {
  const others = [
    'GIF89a\x01\0\x01\0',
    'BM',
    '<svg width="1" height="1"/>',
    '\0\0\0\x18ftypheic',
    '8BPS',
    'II*\0',
  ];
  for (const text of others) {
    assert.equal(readImageHeader(Buffer.from(text.padEnd(64, '\0'), 'latin1')), undefined, text);
  }
});

/** How many bytes the reader looks at. */
function bytesRead(bytes: Buffer): number {
  let reads = 0;
  const watched: ProxyHandler<Buffer> = {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'subarray')
        return (from: number, to: number) => new Proxy(target.subarray(from, to), watched);
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
      return value;
    },
  };
  readImageHeader(new Proxy(bytes, watched));
  return reads;
}

test('however large it is and whatever it says, only a few bytes of it are read', () => {
  const size = 700 * 1024;
  const ispe = Buffer.from('\0\0\0\x14ispe\0\0\0\0\0\0\0\x0a\0\0\0\x0a', 'latin1');
  const hostile = {
    'a HEIF of very many items': Buffer.concat([
      Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heic', 'latin1'),
      Buffer.alloc(size, ispe),
    ]),
    'a JPEG of zeros': Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(size)]),
    'a JPEG of empty segments': Buffer.concat([
      Buffer.from('ffd8', 'hex'),
      Buffer.alloc(size, Buffer.from('ffe00002', 'hex')),
    ]),
    'a JPEG of filling bytes': Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(size, 0xff)]),
    'an SVG of brackets': Buffer.alloc(size, '<svg '),
  };
  for (const [what, bytes] of Object.entries(hostile)) {
    assert.equal(readImageHeader(bytes), undefined, what);
    const reads = bytesRead(bytes);
    assert.ok(reads < 5000, `${what}: ${reads} bytes`);
  }
  assert.ok(bytesRead(segment(0xe0, Buffer.alloc(0))) > 0, 'reads are counted');
});
