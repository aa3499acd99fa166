import type { Page } from 'playwright-core';
import { openStudio } from '../../test/support/face-studio.ts';
import { childrenOf, cpuSeconds } from '../face/processes.ts';
import { atLeast, type Figure, type Row } from '../figure.ts';

const SECONDS = 10;

/** How large the page shows the face on a usual screen (CSS pixels). */
const SIZE = { width: 620, height: 650 };

/** A browser for which the flat face is there. */
const NO_GRAPHICS = ['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-background-networking'];

/** What is drawn at every picture of the screen. */
type Drawing = 'nothing but a colour' | 'the head' | 'the flat face';

/** Draws in the page for a while and counts: run by name in it. */
const PACE = `async (drawing, seconds) => {
  const host = document.querySelector('#face');
  let draw;
  if (drawing === 'nothing but a colour') {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [host.clientWidth, host.clientHeight];
    host.replaceChildren(canvas);
    const gl = canvas.getContext('webgl2', { antialias: false });
    let last = 0;
    draw = (now) => {
      if (now - last < 25) return false;
      last = now;
      gl.clearColor(0.5 + 0.5 * Math.sin(now / 300), 0.2, 0.2, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    };
  } else {
    draw = (now) => {
      const open = 0.5 + 0.5 * Math.sin(now / 80);
      shown.draw({ jawOpen: 0.2 * open, mouthLowerDownLeft: 0.45 * open, mouthLowerDownRight: 0.45 * open,
        mouthUpperUpLeft: 0.2 * open, mouthUpperUpRight: 0.2 * open, mouthPucker: 0.16 * (1 - open),
        mouthStretchLeft: 0.08, mouthStretchRight: 0.08, mouthSmileLeft: 0.12, mouthSmileRight: 0.12 }, 'speaking', now);
    };
  }
  // What a face draws is seen from outside: it leaves pictures out by itself.
  let pictures = 0;
  const count = (prototype, name) => {
    const original = prototype[name];
    let at;
    prototype[name] = function (...all) {
      const now = performance.now();
      if (at === undefined || now - at > 5) pictures += 1;
      at = now;
      return original.apply(this, all);
    };
  };
  if (drawing === 'the flat face') count(Element.prototype, 'setAttribute');
  else count(WebGL2RenderingContext.prototype, 'clear');
  const until = performance.now() + 1000 * seconds;
  const startedAt = performance.now();
  await new Promise((resolve) => requestAnimationFrame(function loop(now) {
    draw(now);
    if (performance.now() < until) requestAnimationFrame(loop);
    else resolve();
  }));
  const canvas = host.querySelector('canvas');
  return { pictures, seconds: (performance.now() - startedAt) / 1000, ratio: canvas === null ? 1 : canvas.width / canvas.clientWidth };
}`;

interface Paced {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly ratio: number;
}

/** How many pictures a second a browser that draws on the processor makes of the face, and what they cost. */
export const facePace: Figure = {
  name: 'face-pace',
  title: `pictures of the face at ${SIZE.width} x ${SIZE.height}, drawn on the processor (floor: a page of that size with nothing but a colour)`,
  run: async () => {
    const floor = await pace('nothing but a colour');
    const [head, flat] = [await pace('the head'), await pace('the flat face')];
    return [...rowsOf('the head', head, floor), ...rowsOf('the flat face (no WebGL)', flat, floor)];
  },
};

function rowsOf(name: string, { perSecond, cpuMs, ratio }: Paced, floor: Paced): readonly Row[] {
  // 60 pictures of a screen in two seconds are 29.9 where its clock is not quite ours.
  const limit = name === 'the head' ? atLeast(perSecond, 29.5, '30') : {};
  return [
    {
      what: `${name}: pictures a second`,
      measured: `${perSecond.toFixed(1)} (${ratio.toFixed(2)} of the resolution)`,
      floor: floor.perSecond.toFixed(1),
      ...limit,
    },
    {
      what: `${name}: processor time for one, all of the browser (ms)`,
      measured: cpuMs.toFixed(1),
      floor: floor.cpuMs.toFixed(1),
    },
  ];
}

async function pace(drawing: Drawing): Promise<Paced> {
  const studio = await openStudio({
    ...SIZE,
    ...(drawing === 'the flat face' && { args: NO_GRAPHICS }),
  });
  try {
    await run(studio.page, drawing, 2); // everything is made, and compiled
    const before = browserSeconds();
    const { pictures, seconds, ratio } = await run(studio.page, drawing, SECONDS);
    const cpuMs = (1000 * (browserSeconds() - before)) / pictures;
    return { perSecond: pictures / seconds, cpuMs, ratio };
  } finally {
    await studio.close();
  }
}

function run(page: Page, drawing: Drawing, seconds: number) {
  return page.evaluate(`(${PACE})(${JSON.stringify(drawing)}, ${seconds})`) as Promise<{
    pictures: number;
    seconds: number;
    ratio: number;
  }>;
}

/** Processor time of all of this process's descendants. */
function browserSeconds(): number {
  const all = childrenOf(process.pid);
  for (const pid of all) all.push(...childrenOf(pid));
  return all.reduce((sum, pid) => sum + (cpuSeconds(pid) || 0), 0);
}
