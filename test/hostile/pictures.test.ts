import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame, RawSocket } from '../support/raw-socket.ts';
import { underAttack } from '../support/witness.ts';

/** As large as a picture's message may be, and a little less. */
const BYTES = 690 * 1024;

/** Far more than looking at a picture takes on a machine that is busy with other things, far less than reading one that never ends. */
const WITHIN_MS = 1000;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** A box of the ISO base media file format: HEIF, AVIF and JPEG XL are made of them. */
function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

function filled(piece: Buffer): Buffer {
  return Buffer.alloc(Math.floor(BYTES / piece.length) * piece.length, piece);
}

const MANY_SIZES = filled(box('ispe', u32(0), u32(9), u32(9)));

const PICTURES: Readonly<Record<string, Buffer>> = {
  'AVIF of nothing but sizes': Buffer.concat([
    box('ftyp', Buffer.from('avif')),
    box('meta', u32(0), box('iprp', box('ipco', MANY_SIZES))),
  ]),
  'HEIC of boxes without a length': Buffer.concat([
    box('ftyp', Buffer.from('heic')),
    filled(Buffer.concat([u32(0), Buffer.from('meta')])),
  ]),
  'JPEG XL of boxes': Buffer.concat([
    box('JXL ', u32(0x0d0a870a)),
    box('ftyp', Buffer.from('jxl ')),
    filled(box('jxlp', u32(0))),
  ]),
  'JPEG of empty segments': Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    filled(Buffer.from([0xff, 0xe0, 0, 2])),
  ]),
  'JPEG of segments without a length': Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    filled(Buffer.from([0xff, 0xe0, 0, 0])),
  ]),
  'JPEG of nothing but 0xff': Buffer.concat([Buffer.from([0xff, 0xd8]), filled(Buffer.from([0xff]))]),
  'PNG without a header': Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    filled(Buffer.concat([u32(0), Buffer.from('tEXt'), u32(0)])),
  ]),
  'WebP of nothing': Buffer.concat([Buffer.from('RIFF'), u32(0), Buffer.from('WEBPVP8 '), filled(u32(0))]),
  'ICNS of empty icons': Buffer.concat([
    Buffer.from('icns'),
    u32(BYTES),
    filled(Buffer.concat([Buffer.from('ic07'), u32(8)])),
  ]),
  'ICO of 65,535 entries': Buffer.concat([Buffer.from([0, 0, 1, 0, 0xff, 0xff]), filled(u32(0))]),
  'TIFF that goes in circles': Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    filled(Buffer.from('ffff00010300010000000100', 'hex')),
  ]),
  'SVG that only begins': filled(Buffer.from('<svg width="1" ')),
};

const attacked = underAttack();

for (const [what, bytes] of Object.entries(PICTURES)) {
  for (const mimeType of ['image/jpeg', 'image/png', 'image/webp']) {
    test(`${what}, called ${mimeType}: refused at once, and nobody notices`, async () => {
      const raw = await RawSocket.upgraded(attacked.port);
      const message = frame({
        payload: JSON.stringify({ type: 'image', mimeType, data: bytes.toString('base64') }),
      });
      const sentAtMs = performance.now();
      raw.write(message);
      assert.ok(await raw.until(() => raw.messages.some(({ type }) => type === 'error'), 10 * WITHIN_MS));
      const tookMs = performance.now() - sentAtMs;
      assert.equal(raw.messages.find(({ type }) => type === 'error')?.code, 'invalid_image');
      assert.ok(tookMs < WITHIN_MS, `${tookMs.toFixed(0)} ms`);
      raw.destroy();
      attacked.unnoticed(what);
    });
  }
}
