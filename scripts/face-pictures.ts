import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStudio, type Pose } from '../test/support/face-studio.ts';

/** Draws the face's pictures for the documentation: `node scripts/face-pictures.ts [folder]`. It needs Chromium. */
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url)));

/** Moments of speech as the full-size model's weights have them. */
const POSES: Readonly<Record<string, Pose | undefined>> = {
  idle: undefined,
  m: {
    jawOpen: 0.01,
    mouthClose: 0.08,
    mouthPressLeft: 0.4,
    mouthPressRight: 0.4,
    mouthSmileLeft: 0.15,
    mouthSmileRight: 0.15,
  },
  f: {
    jawOpen: 0.02,
    mouthRollLower: 0.3,
    mouthUpperUpLeft: 0.18,
    mouthUpperUpRight: 0.18,
    mouthSmileLeft: 0.15,
    mouthSmileRight: 0.15,
  },
  o: {
    jawOpen: 0.1,
    mouthPucker: 0.2,
    mouthFunnel: 0.12,
    mouthLowerDownLeft: 0.15,
    mouthLowerDownRight: 0.15,
  },
  ee: {
    jawOpen: 0.03,
    mouthStretchLeft: 0.15,
    mouthStretchRight: 0.15,
    mouthLowerDownLeft: 0.4,
    mouthLowerDownRight: 0.4,
    mouthUpperUpLeft: 0.12,
    mouthUpperUpRight: 0.12,
    mouthSmileLeft: 0.25,
    mouthSmileRight: 0.25,
  },
  ah: {
    jawOpen: 0.18,
    mouthLowerDownLeft: 0.5,
    mouthLowerDownRight: 0.5,
    mouthUpperUpLeft: 0.13,
    mouthUpperUpRight: 0.13,
    mouthSmileLeft: 0.15,
    mouthSmileRight: 0.15,
    browInnerUp: 0.2,
  },
};

/** The mood a picture without words is taken in. */
const CALM = 'calm';

await mkdir(folder, { recursive: true });
for (const light of ['light', 'dark'] as const) {
  const studio = await openStudio({ width: 345, height: 360, pixelRatio: 2, light, face: { pixelRatio: 2 } });
  for (const [name, weights] of Object.entries(POSES)) {
    if (light === 'dark' && name !== 'idle') continue;
    await studio.pose(weights, weights === undefined ? CALM : 'speaking');
    const file = `face-${light === 'dark' ? 'dark' : name}.png`;
    await writeFile(join(folder, file), await studio.picture());
    console.log(file);
  }
  await studio.close();
}
