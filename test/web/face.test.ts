import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserPath, launchBrowser, openStudio, type Pose, type Studio } from '../support/face-studio.ts';

const skip = browserPath === undefined && 'no Chromium found; CHROMIUM_PATH says where it is';

/** Faces whose mouths nobody would confuse, as the full-size model speaks. */
const SPOKEN: Readonly<Record<string, Pose>> = {
  m: { mouthClose: 0.1, mouthPressLeft: 0.2, mouthPressRight: 0.2, mouthRollLower: 0.2 },
  f: { jawOpen: 0.02, mouthRollLower: 0.3, mouthUpperUpLeft: 0.2, mouthUpperUpRight: 0.2 },
  o: { jawOpen: 0.1, mouthPucker: 0.2, mouthFunnel: 0.12 },
  ee: {
    jawOpen: 0.03,
    mouthStretchLeft: 0.2,
    mouthStretchRight: 0.2,
    mouthLowerDownLeft: 0.45,
    mouthLowerDownRight: 0.45,
  },
  ah: { jawOpen: 0.2, mouthLowerDownLeft: 0.5, mouthLowerDownRight: 0.5 },
  tongue: { jawOpen: 0.1, tongueOut: 1 },
};

const SIZE = 240;
/** The mouth in such a picture. */
const MOUTH = { x: 80, y: 140, width: 80, height: 75 };

/** So many of a mouth's pixels differ clearly between any two of these faces. */
const LEAST_DIFFERENCE = 0.02;

let browser: Browser;
if (skip === false) {
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
}

for (const kind of ['3d', '2d'] as const) {
  describe(`the ${kind} face in a browser`, { skip, timeout: 60_000 }, () => {
    let studio: Studio;

    before(async () => {
      studio = await openStudio({ browser, width: SIZE, height: SIZE, face: kind === '2d' ? { kind } : {} });
    });
    after(() => studio.close());

    it('is drawn as what was asked for', async () => {
      assert.equal(await studio.page.locator('.face-stage').getAttribute('data-kind'), kind);
    });

    it('shows each spoken shape differently around the mouth', async () => {
      const mouths = new Map<string, Uint8ClampedArray>();
      for (const [name, weights] of Object.entries(SPOKEN)) {
        await studio.change(weights);
        mouths.set(name, await studio.pixels(MOUTH));
      }
      const names = [...mouths.keys()];
      for (const [index, name] of names.entries()) {
        for (const other of names.slice(index + 1)) {
          const share = difference(mouths.get(name), mouths.get(other));
          assert.ok(share > LEAST_DIFFERENCE, `${name} and ${other} differ in ${(100 * share).toFixed(1)} %`);
        }
      }
    });

    it('draws on without a word of complaint, by day and by night, in any mood', async () => {
      await studio.page.emulateMedia({ colorScheme: 'dark' });
      for (const mood of ['asleep', 'attentive']) await studio.pose(undefined, mood);
      assert.equal(await studio.page.locator('.face-stage').getAttribute('data-light'), 'dark');
      assert.deepEqual(studio.complaints, []);
    });
  });
}

describe('a browser without WebGL', { skip, timeout: 60_000 }, () => {
  it('gets the flat face, without complaint', async () => {
    const studio = await openStudio({
      width: SIZE,
      height: SIZE,
      args: ['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-background-networking'],
    });
    try {
      assert.equal(await studio.page.locator('.face-stage').getAttribute('data-kind'), '2d');
      assert.deepEqual(
        studio.complaints.filter((text) => !/WebGL/.test(text)),
        [],
      );
    } finally {
      await studio.close();
    }
  });
});

describe('a browser that loses its graphics', { skip, timeout: 60_000 }, () => {
  it('goes on with the flat face when they do not come back', async () => {
    const studio = await openStudio({ browser, width: SIZE, height: SIZE });
    try {
      await studio.page.evaluate(() => {
        const scope = globalThis as unknown as {
          document: {
            querySelector(what: string): {
              getContext(kind: string): { getExtension(name: string): { loseContext(): void } };
            };
          };
        };
        scope.document
          .querySelector('canvas')
          .getContext('webgl2')
          .getExtension('WEBGL_lose_context')
          .loseContext();
      });
      await studio.page.locator('.face-stage[data-kind="2d"]').waitFor({ timeout: 8000 });
      await studio.pose({ jawOpen: 0.2 });
    } finally {
      await studio.close();
    }
  });
});

/** The share of pixels that differ by more than anybody could overlook. */
function difference(a: Uint8ClampedArray | undefined, b: Uint8ClampedArray | undefined): number {
  assert.ok(a !== undefined && b !== undefined && a.length === b.length && a.length > 0);
  let different = 0;
  for (let i = 0; i < a.length; i += 4) {
    const apart = [0, 1, 2].reduce(
      (sum, channel) => sum + Math.abs((a[i + channel] ?? 0) - (b[i + channel] ?? 0)),
      0,
    );
    if (apart > 60) different += 1;
  }
  return different / (a.length / 4);
}
