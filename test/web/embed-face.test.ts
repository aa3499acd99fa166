import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, launchChromium, noChromium, SOFTWARE_WEBGL } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { type HostPage, serveHostPage } from '../support/host-page.ts';

const SOON = { timeout: 15_000 };

/** What a browser says of its own graphics, not of the page. */
const OF_GRAPHICS = /GPU stall due to ReadPixels|software WebGL|Automatic fallback to software/;

describe('the face of the embedded avatar', { skip: noChromium, timeout: 60_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let host: HostPage;
  let page: Page;
  let complaints: string[];
  /** Paths of the server that the page has asked for. */
  let asked: string[];

  before(async () => {
    running = await runApp();
    const { http, ws } = running;
    host = await serveHostPage(
      `<!doctype html><html lang="en"><title>host</title><body><script src="${http}/embed.js"></script>`,
      {
        'Content-Security-Policy': `default-src 'none'; script-src ${http}; connect-src ${http} ${ws.replace('/ws', '')}; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
    );
    browser = await launchChromium(undefined, SOFTWARE_WEBGL);
    page = await browser.newPage();
    complaints = complaintsOf(page);
    asked = [];
    page.on('request', (request) => {
      if (request.url().startsWith(http)) asked.push(new URL(request.url()).pathname);
    });
    await page.goto(host.url);
  });

  after(async () => {
    await browser.close();
    await host.close();
    await running.app.close();
  });

  it('is not loaded before the panel is opened, so that the page it is in stays light', async () => {
    await page.getByRole('button', { name: 'Talk with the avatar' }).waitFor(SOON);
    assert.ok(asked.includes('/embed/avatar-chat.js'), asked.join(' '));
    assert.deepEqual(
      asked.filter((path) => /head/.test(path)),
      [],
    );
  });

  it('is the head in 3D, also where the page allows neither styles nor markup from strings', async () => {
    await page.getByRole('button', { name: 'Talk with the avatar' }).click();
    await page.locator('avatar-chat .face-stage[data-kind="3d"] canvas').waitFor(SOON);
    assert.equal(asked.filter((path) => /head/.test(path)).length, 1);
    const [stage, canvas] = await Promise.all(
      ['.stage', 'canvas'].map((name) => page.locator(`avatar-chat ${name}`).boundingBox()),
    );
    assert.ok(stage && canvas && canvas.height > 0.9 * stage.height && canvas.height < 1.1 * stage.height);
    assert.deepEqual(
      complaints.filter((text) => !OF_GRAPHICS.test(text)),
      [],
    );
  });

  it('is the flat one where its script cannot be had', async () => {
    const other = await browser.newPage();
    await other.route('**/chunks/head-face-*', (route) => route.abort());
    await other.goto(host.url);
    await other.getByRole('button', { name: 'Talk with the avatar' }).click(SOON);
    await other.locator('avatar-chat .face-stage[data-kind="2d"] #mouth-opening').waitFor(SOON);
    await other.close();
  });

  it('has its colours, which lie in a style of the shadow root', async () => {
    const sky = page.locator('avatar-chat .sky-high').first();
    const colour = await sky.evaluate((stop) => {
      const scope = globalThis as unknown as {
        getComputedStyle(element: unknown): { readonly stopColor: string };
      };
      return scope.getComputedStyle(stop).stopColor;
    });
    assert.equal(colour, 'rgb(255, 227, 194)');
  });
});
