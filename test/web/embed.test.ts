import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { loadFlite, runFlite } from '../../src/agents/offline/speech/flite.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { Tokens } from '../../src/auth/token.ts';
import { systemClock } from '../../src/time/clock.ts';
import { complaintsOf, FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { type HostPage, serveHostPage } from '../support/host-page.ts';

const SOON = { timeout: 15_000 };

describe('the embedded avatar, in a page of another origin', { skip: noChromium, timeout: 120_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: HostPage;
  let folder: string;
  let complaints: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embed-test-'));
    const speech = await runFlite(await loadFlite(), 'rms', 'The quick brown fox jumps over the lazy dog.');
    await writeFile(join(folder, 'speech.wav'), encodeWav(speech));
    // The flat face: its mouth can be read (embed-face.test.ts looks at the head).
    browser = await launchChromium(join(folder, 'speech.wav'), [FLAT_FACE]);
    running = await runApp();
  });

  after(async () => {
    await browser.close();
    await running.app.close();
    await rm(folder, { recursive: true });
  });

  afterEach(async () => {
    await context.close();
    await host.close();
  });

  /** A page of somebody else with this in its body, as strict as the documentation says a page can be. */
  async function open(body: (server: string) => string): Promise<void> {
    const server = running.http;
    const policy = [
      "default-src 'none'",
      `script-src ${server}`,
      `connect-src ${server} ${running.ws.replace('/ws', '')}`,
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; ');
    host = await serveHostPage(`<!doctype html><html lang="en"><title>host</title><body>${body(server)}`, {
      'Content-Security-Policy': policy,
    });
    context = await browser.newContext({ permissions: ['microphone'] });
    page = await context.newPage();
    complaints = complaintsOf(page);
    await page.goto(host.url);
  }

  const openBubble = () => page.getByRole('button', { name: 'Talk with the avatar' }).click(SOON);
  const activity = (name: string) => page.locator(`avatar-chat .panel[data-activity=${name}]`).waitFor(SOON);

  it('comes with one script tag, opens, and talks', async () => {
    await open(
      (server) => `<script src="${server}/embed.js" data-greeting="Good day." data-size="small"></script>`,
    );
    await openBubble();
    await activity('listening');
    assert.equal(await page.locator('avatar-chat li').first().textContent(), 'Good day.');
    await page.getByLabel('Message').fill('Hello');
    await page.keyboard.press('Enter');
    await activity('speaking');
    const mouths = new Set<string | null>();
    for (let look = 0; look < 12; look += 1) {
      mouths.add(await page.locator('avatar-chat #mouth-opening').getAttribute('d'));
      await page.waitForTimeout(60);
    }
    assert.ok(mouths.size >= 5, `the mouth had ${mouths.size} shapes`);
    await page.getByRole('button', { name: 'Stop speaking' }).click();
    await activity('listening');
    assert.equal(await page.locator('avatar-chat li.cut').count(), 1);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Talk with the avatar' }).waitFor(SOON);
    assert.deepEqual(complaints, []);
  });

  it('hears the visitor through a microphone that needs no blob in the page’s policy', async () => {
    await open((server) => `<script src="${server}/embed.js"></script>`);
    await openBubble();
    await activity('listening');
    await page.getByRole('button', { name: 'Microphone' }).click();
    await page.locator('avatar-chat .microphone[aria-pressed=true]').waitFor(SOON);
    await activity('speaking');
    await page.locator('avatar-chat li.assistant').waitFor(SOON);
    assert.match((await page.locator('avatar-chat li.assistant').textContent()) ?? '', /^\(your/);
    assert.deepEqual(complaints, []);
  });

  it('is one avatar where the tag is twice in the page, and leaves nothing behind when it is removed', async () => {
    await open(
      (server) => `<avatar-chat position="inline" lang="de" theme="dark"></avatar-chat>
      <script src="${server}/embed.js"></script><script src="${server}/embed.js"></script>`,
    );
    await activity('listening');
    assert.equal(await page.locator('avatar-chat').count(), 1);
    assert.equal(await page.locator('avatar-chat [role=status]').textContent(), 'Hört zu');
    const before = running.app.sessions;
    assert.equal(before, 1);
    await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { querySelector(name: string): { remove(): void } };
      };
      document.querySelector('avatar-chat').remove();
    });
    await page.waitForTimeout(300);
    assert.equal(running.app.sessions, 0);
    assert.deepEqual(complaints, []);
  });

  it('says in plain words that the microphone is denied, and can still be written to', async () => {
    await open((server) => `<script src="${server}/embed.js"></script>`);
    await context.clearPermissions();
    await page.evaluate(() => {
      const denied = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
      Object.defineProperty(globalThis.navigator, 'mediaDevices', { value: { getUserMedia: denied } });
    });
    await openBubble();
    await activity('listening');
    await page.getByRole('button', { name: 'Microphone' }).click();
    await page.getByText('The microphone is not allowed').waitFor(SOON);
    assert.equal(await page.locator('avatar-chat .microphone').getAttribute('aria-pressed'), 'false');
    assert.deepEqual(complaints, []);
  });

  it('comes back by itself when the server does', async () => {
    await open((server) => `<script src="${server}/embed.js"></script>`);
    await openBubble();
    await activity('listening');
    const { port } = running;
    await running.app.close();
    await activity('offline');
    running = await runApp({ SERVER_PORT: String(port) });
    await activity('listening');
  });

  it('tells the page when its conversation begins and ends, and hands it over', async () => {
    await open((server) => `<script src="${server}/embed.js" data-size="400px"></script>`);
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      for (const name of ['avatar-open', 'avatar-close']) {
        document.addEventListener(name, (event) => {
          const { chat } = (event as CustomEvent<{ chat: { state: { kind: string } } }>).detail;
          const element = event.target as Element & { chat?: unknown };
          told.push(`${name} ${chat.state.kind} ${element.chat === chat}`);
        });
      }
    });
    const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
    await openBubble();
    await activity('listening');
    assert.deepEqual(await told(), ['avatar-open connecting true']);
    assert.equal((await page.locator('avatar-chat .panel').boundingBox())?.width, 400);
    await page.getByRole('button', { name: 'Close' }).click();
    assert.deepEqual((await told()).slice(1), ['avatar-close closed false']);
    await openBubble();
    await activity('listening');
    await page.evaluate(() => {
      const element = document.querySelector('avatar-chat');
      const gone = () => (window as unknown as { told: string[] }).told.push('gone');
      element?.addEventListener('avatar-close', gone, { once: true });
      element?.remove();
    });
    assert.deepEqual((await told()).slice(2), ['avatar-open connecting true', 'gone']);
    assert.deepEqual(complaints, []);
  });

  it('stays away when the page takes it off in the moment it hears of its end', async () => {
    await open(
      (server) => `<avatar-chat position="inline"></avatar-chat><script src="${server}/embed.js"></script>`,
    );
    await activity('listening');
    await page.evaluate(() => {
      const element = document.querySelector('avatar-chat');
      element?.addEventListener('avatar-close', () => element.remove(), { once: true });
      element?.setAttribute('lang', 'de'); // begins it anew
    });
    await page.waitForTimeout(300);
    assert.equal(running.app.sessions, 0);
    assert.deepEqual(complaints, []);
  });

  it('takes its tokens from the page’s own backend, where it says so', async () => {
    const key = 'a key that the backend of the page has, too';
    let server = '';
    const asked: string[] = [];
    host = await serveHostPage(
      () => `<!doctype html><html lang="en"><title>host</title><body>
        <script src="${server}/embed.js" data-token-url="/avatar-token"></script>`,
      {},
      (path) => {
        asked.push(path);
        return path === '/avatar-token' ? `${new Tokens(key, 60, systemClock()).issue(origin)}\n` : undefined;
      },
    );
    const { origin } = new URL(host.url);
    const settings = { AUTH_ENABLED: 'true', AUTH_SECRET_KEY: key, AUTH_ALLOWED_ORIGINS: origin };
    const guarded = await runApp(settings);
    try {
      server = guarded.http;
      context = await browser.newContext();
      page = await context.newPage();
      await page.route('**/api/auth/token', (route) => route.abort());
      await page.goto(host.url);
      await openBubble();
      await activity('listening');
      assert.equal(asked.filter((path) => path === '/avatar-token').length, 1);
    } finally {
      await guarded.app.close();
    }
  });
});
