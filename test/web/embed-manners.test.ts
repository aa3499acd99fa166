import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type HostPage, serveHostPage } from '../support/host-page.ts';

const SOON = { timeout: 15_000 };
const LONG = '<p style="height:3000px">An article.</p>';

describe('the embedded avatar and the page around it', { skip: noChromium, timeout: 120_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let host: HostPage;

  before(async () => {
    browser = await launchChromium(undefined, [FLAT_FACE]);
    running = await runApp();
  });

  after(async () => {
    await browser.close();
    await running.app.close();
  });

  afterEach(async () => {
    await context.close();
    await host.close();
  });

  /** A page of somebody else with this in its body, and the avatar's tag after it. */
  async function open(body: string, tag = '', server = running.http): Promise<void> {
    host = await serveHostPage(
      `<!doctype html><html lang="en"><title>host</title><body>${body}<script src="${server}/embed.js" ${tag}></script>`,
    );
    context = await browser.newContext({ permissions: ['microphone'] });
    page = await context.newPage();
    await page.goto(host.url);
  }

  const openBubble = (name = 'Talk with the avatar') => page.getByRole('button', { name }).click(SOON);
  const activity = (name: string) => page.locator(`avatar-chat .panel[data-activity=${name}]`).waitFor(SOON);
  const part = (selector: string) => page.locator(`avatar-chat ${selector}`);
  const focused = () => page.evaluate(() => document.activeElement?.tagName);

  it('neither takes the keyboard nor scrolls where it is part of the page, and does when it is opened', async () => {
    await open(`${LONG}<avatar-chat position="inline"></avatar-chat>`);
    await activity('listening');
    assert.deepEqual([await focused(), await page.evaluate(() => scrollY)], ['BODY', 0]);
    await page.evaluate(() => document.querySelector('avatar-chat')?.setAttribute('lang', 'de'));
    await page.getByText('Hört zu').waitFor(SOON);
    assert.equal(await focused(), 'BODY', 'nor when the page changes it');
    await page.evaluate(() => document.querySelector('avatar-chat')?.setAttribute('position', 'top-left'));
    await page.getByRole('button', { name: 'Schließen' }).click(SOON);
    await openBubble('Mit dem Avatar sprechen');
    assert.equal(await focused(), 'AVATAR-CHAT');
  });

  it('stays in its corner whatever the page says of all its parts, unless that is hidden', async () => {
    const rules = [
      '* { margin: 0; position: static; display: inline; z-index: 0 }',
      'body > * { position: relative; z-index: 1; top: 0; left: 0; display: flex }',
      'body > * + * { margin-top: 40px; max-width: 2px }',
    ];
    await open(`<style>${rules.join('\n')} p { display: block }</style>${LONG}`);
    const bubble = page.getByRole('button', { name: 'Talk with the avatar' });
    await bubble.waitFor(SOON);
    const { width = 0, height = 0 } = page.viewportSize() ?? {};
    assert.deepEqual(await bubble.boundingBox(), {
      ...{ x: (await page.evaluate(() => document.documentElement.clientWidth)) - 84, y: height - 84 },
      ...{ width: 64, height: 64 },
    });
    assert.ok(width > 0);
    await bubble.click();
    await activity('listening');
    assert.equal((await page.locator('avatar-chat .panel').boundingBox())?.width, 340);
    await page.evaluate(() => document.querySelector('avatar-chat')?.toggleAttribute('hidden'));
    assert.equal(await page.locator('avatar-chat').isVisible(), false);
  });

  it('keeps what is typed in it from the page’s shortcuts', async () => {
    await open(`<input id="search"><script>
      const types = [];
      for (const type of ['keydown', 'keypress', 'keyup'])
        addEventListener(type, (event) => {
          if (event.target.closest('input, textarea')) return;
          types.push(event.type);
          event.preventDefault();
          document.querySelector('#search').focus();
        });
    </script>`);
    await openBubble();
    await activity('listening');
    await page.keyboard.type('a b is c');
    assert.equal(await page.locator('avatar-chat input').inputValue(), 'a b is c');
    assert.deepEqual(await page.evaluate('types'), []);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Talk with the avatar' }).waitFor(SOON);
  });

  it('says in the page’s language what is wrong', async () => {
    await open('', 'data-lang="de"');
    await page.evaluate(() => {
      const denied = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
      Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia: denied } });
    });
    await openBubble('Mit dem Avatar sprechen');
    await activity('listening');
    await page.getByRole('button', { name: 'Mikrofon' }).click();
    await page.getByText('Das Mikrofon ist nicht erlaubt').waitFor(SOON);
  });

  it('does not cry alarm where the server ends a conversation that goes on by itself', async () => {
    const aging = await runApp({ MAX_SESSION_SECONDS: '1' });
    try {
      await open('', '', aging.http);
      const sockets: string[] = [];
      page.on('websocket', (socket) => sockets.push(socket.url()));
      await openBubble();
      await activity('listening');
      await eventually('a second conversation', () => sockets.length >= 2, SOON.timeout);
      await activity('listening');
      assert.equal(await part('.trouble').textContent(), '');
      assert.equal(await part('[role=status]').textContent(), 'Listening');
    } finally {
      await aging.app.close();
    }
  });

  it('says why nobody can be talked to for now, where its state stands', async () => {
    const full = await runApp({ MAX_SESSIONS: '1' });
    const other = new WebSocket(full.ws);
    await new Promise((resolve) => other.addEventListener('message', resolve, { once: true }));
    try {
      await open('', 'data-lang="de"', full.http);
      await openBubble('Mit dem Avatar sprechen');
      await page.getByText('Gerade wollen alle sprechen.').waitFor(SOON);
      assert.match((await part('[role=status]').textContent()) ?? '', /^Gerade wollen alle sprechen/);
      assert.equal(await part('.trouble').textContent(), '');
      other.close();
      await page.evaluate(() => dispatchEvent(new Event('online'))); // not after the time that the server has named
      await activity('listening');
      assert.equal(await part('[role=status]').textContent(), 'Hört zu');
    } finally {
      await full.app.close();
    }
  });

  it('can be asked again after a refusal, and has let the microphone go', async () => {
    const port = await freePort();
    const settings = { SERVER_PORT: String(port), AUTH_ENABLED: 'true' };
    let server = await runApp({ ...settings, AUTH_ALLOWED_ORIGINS: 'https://other.example' });
    try {
      await open('', '', server.http);
      await openBubble();
      await page.getByText('This page is not allowed to talk to the server.').waitFor(SOON);
      await page.evaluate(() => {
        const button = document.querySelector('avatar-chat')?.shadowRoot?.querySelector('.microphone');
        const pressed: (string | null)[] = [];
        Object.assign(window, { pressed });
        new MutationObserver(() => pressed.push(button?.getAttribute('aria-pressed') ?? null)).observe(
          button as Element,
          { attributeFilter: ['aria-pressed'] },
        );
      });
      await page.getByRole('button', { name: 'Microphone' }).click();
      await page.waitForFunction("pressed.includes('true') && pressed.at(-1) === 'false'", undefined, SOON);
      await server.app.close();
      server = await runApp({ ...settings, AUTH_ALLOWED_ORIGINS: new URL(host.url).origin });
      await page.getByLabel('Message').fill('Hello');
      await page.keyboard.press('Enter');
      await activity('listening');
    } finally {
      await server.app.close();
    }
  });
});
