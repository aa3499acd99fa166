import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { WIDGET_SCRIPT } from '../../src/http/page/policies.ts';
import { complaintsOf, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';

const SOON = { timeout: 10_000 };

/**
 * Stands in for what the CDN would send: takes the vendor's configuration, and does at once what the widget does when it is
 * opened: fetches a token the way it does, connects, says hello, and keeps what it was told. It also does what needs the
 * page's leave: a style and markup in a shadow root, a worker made of text, WebAssembly, a fetch of what it unpacked, assets.
 */
const STAND_IN = `
  window.AvatarChat = { init: async (options) => {
    const told = { options: { ...options, onConnectionChange: 0, onError: 0 }, types: [], token: undefined, may: {} };
    window.told = told;
    const root = document.querySelector(options.container).attachShadow({ mode: 'open' });
    root.innerHTML = '<style>b { color: rgb(1, 2, 3) }</style><b>widget</b>';
    told.may.style = getComputedStyle(root.querySelector('b')).color;
    const text = (code) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    const worker = new Worker(text('postMessage("sorted")'));
    told.may.worker = await new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); worker.onerror = () => resolve('no'); });
    told.may.wasm = WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
      && (await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))) instanceof WebAssembly.Module;
    told.may.unpacked = await (await fetch(text('avatar'))).text();
    told.may.assets = await (await fetch(options.assetsBaseUrl + '/asset/nyx.zip')).text();
    const base = options.serverUrl.replace(/^ws/, 'http');
    const tokenUrl = base.slice(0, base.lastIndexOf('/ws')) + '/api/auth/token';
    let url = options.serverUrl;
    if (options.authEnabled) {
      const answer = await fetch(tokenUrl, { method: 'POST', headers: { 'Content-Type': 'application/json' } });
      told.token = (await answer.json()).token;
      url += '?token=' + encodeURIComponent(told.token);
    }
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => { options.onConnectionChange(true); socket.send(JSON.stringify({ type: 'text', data: 'Hello' })); };
    socket.onclose = () => options.onConnectionChange(false);
    socket.onmessage = ({ data }) => { const { type } = JSON.parse(data); if (!told.types.includes(type)) told.types.push(type); };
  } };
`;

/** What the stand-in was told, and what it could do. */
interface Told {
  readonly options: Readonly<Record<string, unknown>>;
  readonly types: readonly string[];
  readonly token: string | undefined;
  readonly may: Readonly<Record<string, unknown>>;
}

describe('the page of the vendor’s widget', { skip: noChromium, timeout: 60_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  /** Every address outside the server that was asked for. */
  let outside: string[];

  before(async () => {
    browser = await launchChromium();
    running = await runApp();
  });

  after(async () => {
    await browser.close();
    await running.app.close();
  });

  /** Opens the page with a CDN that sends this script, or that cannot be reached. */
  async function open(script: string | undefined): Promise<void> {
    context = await browser.newContext();
    page = await context.newPage();
    complaints = complaintsOf(page);
    outside = [];
    await context.route(
      (url) => url.origin !== running.http,
      (route) => {
        const url = route.request().url();
        outside.push(url);
        const headers = { 'access-control-allow-origin': '*' };
        if (script === undefined) return route.abort('internetdisconnected');
        if (url === WIDGET_SCRIPT)
          return route.fulfill({ contentType: 'text/javascript', headers, body: script });
        return route.fulfill({ headers, body: `asset of ${url}` });
      },
    );
    await page.goto(`${running.http}/widget`);
  }

  const told = () => page.evaluate(() => (globalThis as unknown as { told: Told }).told);

  /** Waits until the widget has been spoken to, and says what it was told. */
  async function spokenTo(): Promise<Told> {
    await page.getByText('Connected.').waitFor(SOON);
    await page.waitForFunction(
      () => (globalThis as unknown as { told: Told }).told.types.includes('sync_frame'),
      undefined,
      SOON,
    );
    return told();
  }

  it('tells the widget this server’s address, and it talks', async () => {
    await open(STAND_IN);
    const { options, types, token, may } = await spokenTo();
    assert.deepEqual(options, {
      container: '#avatar-chat',
      serverUrl: running.ws,
      authEnabled: false,
      assetsBaseUrl: `${WIDGET_SCRIPT}/public`,
      onConnectionChange: 0,
      onError: 0,
    });
    assert.equal(token, undefined);
    assert.ok(types.includes('config') && types.includes('audio_start'), types.join(' '));
    assert.deepEqual(may, {
      style: 'rgb(1, 2, 3)',
      worker: 'sorted',
      wasm: true,
      unpacked: 'avatar',
      assets: `asset of ${WIDGET_SCRIPT}/public/asset/nyx.zip`,
    });
    assert.deepEqual(outside, [WIDGET_SCRIPT, `${WIDGET_SCRIPT}/public/asset/nyx.zip`]);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('has the widget fetch a token where the server wants one', async () => {
    const { port, http } = running;
    await running.app.close();
    running = await runApp({
      SERVER_PORT: String(port),
      AUTH_ENABLED: 'true',
      AUTH_ALLOWED_ORIGINS: http,
    });
    await open(STAND_IN);
    const { options, token, types } = await spokenTo();
    assert.equal(options['authEnabled'], true);
    assert.ok(token !== undefined && token.length > 20);
    assert.ok(types.includes('sync_frame'));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('says so where the CDN cannot be reached', async () => {
    await open(undefined);
    await page.getByRole('status').getByText('could not be loaded').waitFor(SOON);
    assert.deepEqual(outside, [WIDGET_SCRIPT]);
    await context.close();
  });

  it('says so where something else comes from there', async () => {
    await open('window.Something = {};');
    await page.getByRole('status').getByText('is not the widget').waitFor(SOON);
    await context.close();
  });

  it('may load nothing from anywhere else', async () => {
    await open(STAND_IN);
    await spokenTo();
    const loads = await page.evaluate(
      async (others) => {
        const scope = globalThis as unknown as {
          document: {
            createElement(name: string): { src: string; onload: () => void; onerror: () => void };
            head: { append(element: unknown): void };
          };
        };
        const script = (src: string) =>
          new Promise<boolean>((resolve) => {
            const element = scope.document.createElement('script');
            Object.assign(element, { src, onload: () => resolve(true), onerror: () => resolve(false) });
            scope.document.head.append(element);
          });
        const fetched = (url: string) =>
          fetch(url).then(
            () => true,
            () => false,
          );
        return Promise.all(others.flatMap((url) => [script(url), fetched(url)]));
      },
      ['https://cdn.jsdelivr.net/npm/something-else', 'https://evil.example/script.js'],
    );
    assert.deepEqual(loads, [false, false, false, false]);
    assert.equal(outside.filter((url) => !url.startsWith(WIDGET_SCRIPT)).length, 0);
    await context.close();
  });

  it('names the same script as its policy does', () => {
    const source = readFileSync(new URL('../../web/widget.ts', import.meta.url), 'utf8');
    assert.ok(source.includes(`'${WIDGET_SCRIPT}'`));
  });
});
