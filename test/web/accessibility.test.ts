import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { type HostPage, serveHostPage } from '../support/host-page.ts';

const SOON = { timeout: 15_000 };

/**
 * All of axe-core's rules but those that are experiments. Lighthouse's score for accessibility weighs a part of the same
 * rules: it is 100 where none of them is broken.
 */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong with a page as it is now, told in one line each; the number of rules that applied and hold. */
async function lookAt(page: Page): Promise<{ readonly wrong: readonly string[]; readonly kept: number }> {
  const { violations, passes } = await page.evaluate(async () => {
    type Found = { violations: Violation[]; passes: unknown[] };
    const scope = globalThis as unknown as { axe: { run(options: object): Promise<Found> } };
    const found = await scope.axe.run({ resultTypes: ['violations'] });
    return { violations: found.violations, passes: found.passes.length };
  });
  const wrong = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary}`),
  );
  return { wrong, kept: passes };
}

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** How visitors see a page. */
const VIEWS: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['by day', { ...DESKTOP, colorScheme: 'light' }],
  ['by night', { ...DESKTOP, colorScheme: 'dark' }],
  ['on a phone', { ...PHONE, colorScheme: 'light' }],
];

describe('who cannot see, hear or point', { skip: noChromium, timeout: 240_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let host: HostPage;

  before(async () => {
    running = await runApp();
    browser = await launchChromium(undefined, [FLAT_FACE]); // the head in 3D says nothing to them
    host = await serveHostPage(
      `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>host</title></head>
      <body><main><h1>Somebody’s page</h1></main><script src="${running.http}/embed.js"></script></body></html>`,
    );
  });

  after(async () => {
    await browser.close();
    await host.close();
    await running.app.close();
  });

  /** Opens an address, and looks after each thing that happens there. */
  async function see(
    url: string,
    options: BrowserContextOptions,
    ...happenings: readonly ((page: Page) => Promise<void>)[]
  ): Promise<void> {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(axe);
    for (const happen of happenings) {
      await happen(page);
      const { wrong, kept } = await lookAt(page);
      assert.deepEqual(wrong, []);
      assert.ok(kept > 5, `only ${kept} rules applied: is the page there?`);
    }
    await context.close();
  }

  const isListening = (page: Page) => page.locator('body[data-state=listening]').waitFor(SOON);

  /** Says hello, and waits until the avatar has said a word. */
  async function talk(page: Page): Promise<void> {
    await page.getByLabel('Message').fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByText('Hello!').first().waitFor(SOON);
  }

  for (const [name, options] of VIEWS) {
    it(`can use the page ${name}, at its beginning and in a conversation`, () =>
      see(`${running.http}/`, options, isListening, talk));
  }

  for (const [name, options] of VIEWS.slice(0, 2)) {
    it(`can use the developer’s view ${name}`, () => see(`${running.http}/?developer`, options, isListening));

    it(`can use the embedded avatar ${name}, closed and in a conversation`, () =>
      see(
        host.url,
        options,
        (page) => page.getByRole('button', { name: 'Talk with the avatar' }).waitFor(SOON),
        async (page) => {
          await page.getByRole('button', { name: 'Talk with the avatar' }).click(SOON);
          await page.locator('avatar-chat .panel[data-activity=listening]').waitFor(SOON);
          await talk(page);
        },
      ));

    it(`can use the page of the vendor’s widget ${name}`, () =>
      see(`${running.http}/widget`, options, (page) =>
        page.getByRole('status').getByText('could not be loaded').waitFor(SOON),
      ));
  }
});
