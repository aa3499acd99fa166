import type { Browser } from 'playwright-core';
import { launchChromium, noChromium, SOFTWARE_WEBGL } from '../../test/support/chromium.ts';
import { runApp } from '../../test/support/client.ts';
import { serveHostPage } from '../../test/support/host-page.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';

const LIMIT_MS = 1000;
const VISITS = 15;

/** A page with nothing but a word: what a browser needs to paint anything at all. */
const BARE =
  '<!doctype html><html lang="en"><title>bare</title><link rel="icon" href="data:,"><body><p>Hello.</p></body></html>';

/** How soon a visitor sees something, and the avatar. */
export const page: Figure = {
  name: 'page',
  title: 'A visit to the page of a checkout, with an empty cache, WebGL drawn by the processor',
  run: async () => {
    if (noChromium !== false) return [{ what: 'first contentful paint', measured: noChromium }];
    const running = await runApp();
    const host = await serveHostPage(BARE);
    const browser = await launchChromium(undefined, SOFTWARE_WEBGL);
    try {
      await visit(browser, host.url); // the browser's own beginning is nobody's figure
      const first = await visit(browser, running.http);
      const paintMs: number[] = [];
      const bareMs: number[] = [];
      const faceMs: number[] = [];
      for (let turn = 0; turn < VISITS; turn += 1) {
        bareMs.push((await visit(browser, host.url)).paintMs);
        const seen = await visit(browser, running.http, '.face-stage[data-kind="3d"]');
        paintMs.push(seen.paintMs);
        faceMs.push(seen.shownMs);
      }
      return rowsOf(first.paintMs, summarise(paintMs), summarise(bareMs), summarise(faceMs));
    } finally {
      await browser.close();
      await host.close();
      await running.app.close();
    }
  },
};

type Summary = ReturnType<typeof summarise>;

function rowsOf(firstMs: number, paint: Summary, bare: Summary, face: Summary): readonly Row[] {
  return [
    {
      what: `first contentful paint, ${paint.count} visits, p50 / p95 / max (ms)`,
      measured: spread(paint, 'p95'),
      floor: `${spread(bare, 'p95')}, a page with one word`,
      ...atMost(paint.p95, LIMIT_MS, `p95 ≤ ${LIMIT_MS}`),
    },
    {
      what: 'the same for the first visitor, for whom the page is bundled (ms)',
      measured: firstMs.toFixed(1),
    },
    {
      what: `until the head in 3D is there, ${face.count} visits, p50 / p95 / max (ms)`,
      measured: spread(face, 'p95'),
    },
  ];
}

/** Visits an address with an empty cache. Times count from when the visitor asked for it. */
async function visit(
  browser: Browser,
  url: string,
  until?: string,
): Promise<{ readonly paintMs: number; readonly shownMs: number }> {
  const context = await browser.newContext();
  const visited = await context.newPage();
  await visited.goto(url);
  if (until !== undefined) await visited.locator(until).waitFor();
  const shownMs = await visited.evaluate(() => performance.now());
  await visited.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const paintMs = await visited.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  await context.close();
  return { paintMs, shownMs };
}
