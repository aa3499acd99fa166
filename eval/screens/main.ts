import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { loadFlite, runFlite } from '../../src/agents/offline/speech/flite.ts';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config/config.ts';
import { silentLogger } from '../../src/log.ts';
import { openBrowser } from '../contestants/browser.ts';
import type { Phone } from '../material/clip.ts';
import { resampled } from '../material/recordings.ts';
import { parsePhones } from '../material/synthetic.ts';
import { MOMENTS, type Moment, timeOf } from './moments.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/face-quality/', import.meta.url));
const RATE = 24_000;
const SIZE = { width: 760, height: 900 };

/** A busy machine draws seldom: a picture that is later than this (ms) is taken again, so often. */
const LATE_MS = 20;
const TRIES = 4;

/** Time for a sentence to end. */
const BETWEEN_MS = 2500;

/** The page stands still in this element's part of the picture. */
const STAGE = '.face-stage';

/**
 * Run in the page before its own scripts: notes when each slice of sound is heard, and stops drawing in the moment that
 * was asked for, so that the picture can be taken at leisure. The page itself is as it is.
 */
const STAND_STILL = `(() => {
  const starts = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at, ...rest) {
    starts.push({ at, context: this.context });
    return start.call(this, at, ...rest);
  };
  const request = window.requestAnimationFrame.bind(window);
  let stopAtS;
  window.stopAt = (seconds) => { starts.length = 0; stopAtS = seconds; window.stoppedAtS = undefined; };
  window.goOn = () => { stopAtS = undefined; for (const callback of waiting.splice(0)) request(callback); };
  const waiting = [];
  window.requestAnimationFrame = (callback) => request((now) => {
    const [first] = starts;
    const heardS = first === undefined ? -1
      : first.context.currentTime - (first.context.outputLatency || first.context.baseLatency || 0) - first.at;
    if (window.stoppedAtS !== undefined && stopAtS !== undefined) { waiting.push(callback); return; }
    callback(now);
    if (stopAtS !== undefined && heardS >= stopAtS) window.stoppedAtS = heardS;
  });
})()`;

/**
 * \`npm run eval:screens\`: the demo page speaks typed sentences with the embedded face, and stands still at the moments of
 * moments.ts; the pictures go onto one in docs/images/face-quality. Needs Chromium.
 */
async function main(): Promise<void> {
  const browser = await openBrowser();
  if (browser === undefined) throw new Error('the pictures need chromium');
  const flite = await loadFlite();
  const phones = new Map<string, readonly Phone[]>();
  const agent = new ScriptedAgent({
    onText: async (text, session) => {
      const { pcm, sampleRate } = await runFlite(flite, 'slt', text, {
        also: ['-psdur'],
        onLine: (line) => {
          if (line.includes(':')) phones.set(text, parsePhones(line));
        },
      });
      const turnId = randomUUID();
      session.emit({ type: 'turn_started', turnId });
      session.emit({ type: 'audio', turnId, pcm: resampled(pcm, sampleRate, RATE) });
      session.emit({ type: 'turn_ended', turnId });
    },
  });
  const config = parseConfig({ SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', FACE_ENGINE: 'embedded' });
  const app = await createApp(config, silentLogger(), { agent });
  try {
    const { port } = await app.listen();
    const page = await browser.newPage({ viewport: SIZE, bypassCSP: true });
    await page.addInitScript(STAND_STILL);
    await page.goto(`http://127.0.0.1:${port}/`);
    mkdirSync(FOLDER, { recursive: true });
    const pictures = new Map<Moment, Picture>();
    for (const moment of MOMENTS) {
      const sentence = await spoken(flite, moment);
      let taken = await picture(page, moment, sentence);
      for (let again = 0; again < TRIES && taken.lateMs > LATE_MS; again += 1)
        taken = await picture(page, moment, sentence);
      pictures.set(moment, taken);
      console.log(`${moment.wanted} (${taken.lateMs.toFixed(0)} ms late)`);
    }
    writeFileSync(`${FOLDER}moments.png`, await sheet(await browser.newPage({ viewport: SIZE }), pictures));
  } finally {
    await browser.close();
    await app.close();
  }
}

async function spoken(
  flite: Awaited<ReturnType<typeof loadFlite>>,
  { sentence }: Moment,
): Promise<readonly Phone[]> {
  let phones: readonly Phone[] = [];
  await runFlite(flite, 'slt', sentence, {
    also: ['-psdur'],
    onLine: (line) => {
      if (line.includes(':')) phones = parsePhones(line);
    },
  });
  return phones;
}

/** A moment's picture, and how far (ms) after its time it was taken. */
interface Picture {
  readonly base64: string;
  readonly lateMs: number;
}

async function picture(page: Page, moment: Moment, phones: readonly Phone[]): Promise<Picture> {
  const atS = timeOf(moment, phones);
  await page.evaluate(`window.stopAt(${atS})`);
  await page.getByRole('textbox').fill(moment.sentence);
  await page.keyboard.press('Enter');
  await page.waitForFunction('window.stoppedAtS !== undefined', undefined, { polling: 50 }); // frames stand still
  const stoppedAtS = (await page.evaluate('window.stoppedAtS')) as number;
  const box = await page.locator(STAGE).first().boundingBox();
  if (box === null) throw new Error('the page shows no face');
  const side = Math.min(box.width, box.height);
  const clip = { x: box.x + (box.width - side) / 2, y: box.y, width: side, height: side };
  const image = await page.screenshot({ clip });
  await page.evaluate('window.goOn()');
  await page.waitForTimeout(BETWEEN_MS);
  return { base64: image.toString('base64'), lateMs: (stoppedAtS - atS) * 1000 };
}

/** All pictures on one, three in a row, each with what is to be seen. */
async function sheet(page: Page, pictures: ReadonlyMap<Moment, Picture>): Promise<Buffer> {
  const figures = [...pictures].map(
    ([{ wanted }, { base64 }]) =>
      `<figure><img src="data:image/png;base64,${base64}"><figcaption>${wanted}</figcaption></figure>`,
  );
  await page.setContent(
    `<style>body{margin:0;display:grid;grid-template-columns:repeat(3,1fr);font:16px sans-serif;width:${SIZE.width}px}
     figure{margin:8px;text-align:center}img{width:100%}</style>${figures.join('')}`,
  );
  return page.screenshot({ fullPage: true });
}

await main();
