import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page, Request } from 'playwright-core';
import { launchChromium, noChromium, SOFTWARE_WEBGL } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';

const SOON = { timeout: 15_000 };

/** What a first visit may load, headers included. */
const MOST_BYTES = 400_000;

describe('a first visit to the page', { skip: noChromium, timeout: 60_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let page: Page;
  let requests: Request[];

  before(async () => {
    running = await runApp();
    browser = await launchChromium(undefined, SOFTWARE_WEBGL);
    page = await browser.newPage();
    requests = [];
    page.on('requestfinished', (request) => requests.push(request));
    await page.goto(running.http);
    await page.locator('.face-stage[data-kind="3d"]').waitFor(SOON);
    await page.locator('body[data-state=listening]').waitFor(SOON);
  });

  after(async () => {
    await browser.close();
    await running.app.close();
  });

  /** Without what stands in an address itself (data:). */
  const overHttp = () => requests.filter((request) => request.url().startsWith('http'));

  it(`loads at most ${MOST_BYTES / 1000} KB with the head in 3D`, async (t) => {
    let total = 0;
    for (const request of overHttp()) {
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      total += responseBodySize + responseHeadersSize;
      t.diagnostic(`${new URL(request.url()).pathname}: ${responseBodySize} bytes`);
    }
    t.diagnostic(`in all, headers included: ${total} bytes in ${requests.length} requests`);
    assert.ok(total > 100_000 && total <= MOST_BYTES, `${total} bytes`);
  });

  it('loads scripts and styles compressed, from this server alone', async () => {
    for (const request of overHttp()) {
      assert.ok(request.url().startsWith(running.http), request.url());
      const response = await request.response();
      const { 'content-encoding': coding, 'content-length': length } = (await response?.allHeaders()) ?? {};
      if (/^(script|stylesheet|document)$/.test(request.resourceType()) && Number(length) >= 1024)
        assert.equal(coding, 'br', request.url());
    }
  });

  it('loads the developer’s view and the embed only when they are wanted', () => {
    const paths = requests.map((request) => new URL(request.url()).pathname);
    assert.deepEqual(
      paths.filter((path) => /developer|embed|widget/.test(path)),
      [],
    );
  });

  it('asks for no file twice', () => {
    const addresses = requests.map((request) => request.url());
    assert.equal(new Set(addresses).size, addresses.length, addresses.join('\n'));
  });
});
