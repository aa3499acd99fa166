import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { imageSize } from 'image-size';
import type { Browser, BrowserContext } from 'playwright-core';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { AgentError } from '../../src/errors.ts';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { SMALL_WINDOW, SOON, soon, Visitor } from './visitor.ts';

describe('the page of an agent that sees and acts', { skip: noChromium, timeout: 240_000 }, () => {
  const agent = new ScriptedAgent({
    onText: (text, session) => {
      if (text === 'think') return; // and never answers
      session.emit({
        type: 'tool_call',
        turnId: text,
        callId: `call-${text}`,
        name: text,
        args: { url: 'x' },
      });
    },
  });
  let running: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let visitor: Visitor;
  let folder: string;

  before(async () => {
    browser = await launchChromium(undefined, [FLAT_FACE]);
    folder = await mkdtemp(join(tmpdir(), 'page-test-'));
    const inPage = (name: string) => ({ name, description: name, run: { where: 'client' } });
    await writeFile(
      join(folder, 'tools.json'),
      JSON.stringify([inPage('trigger_confetti'), inPage('open_page')]),
    );
    running = await runApp({ TOOLS_FILE: join(folder, 'tools.json') }, { agent });
  });

  after(async () => {
    await browser.close();
    await running.app.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    context = await browser.newContext({ permissions: ['camera'], viewport: SMALL_WINDOW });
    visitor = await Visitor.open(context, `${running.http}/`);
    await visitor.state('listening');
  });

  afterEach(async () => {
    await visitor.leave();
    await context.close();
  });

  const button = (name: string) => visitor.page.getByRole('button', { name, exact: true });
  const calls = () => agent.sessions.at(-1)?.calls ?? [];
  const pictures = () => calls().flatMap((call) => (call.method === 'sendImage' ? [call.image] : []));
  const cameraIsOff = () =>
    visitor.page.evaluate(() => window.probe.streams[0]?.getTracks()[0]?.readyState === 'ended');

  it('shows the agent one picture now, and the visitor what was shown, with the question to it', async () => {
    const { page } = visitor;
    await button('Camera').click();
    await button('Show this').click();
    await soon('the agent has seen it', () => pictures().length === 1);
    const [picture] = pictures();
    const { width, height, type } = imageSize(picture?.bytes ?? new Uint8Array());
    assert.deepEqual([type, picture?.mimeType], ['jpg', 'image/jpeg']);
    assert.ok(Math.max(width, height) <= 768 && (picture?.bytes.length ?? 0) <= 700 * 1024);
    const shown = page.getByRole('img', { name: 'A picture from your camera' });
    assert.equal(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth), width);
    await button('What do you see?').click();
    await soon('it is asked', () => calls().some(({ method }) => method === 'sendText'));
    await page.locator('#camera-close').click();
    assert.ok(await cameraIsOff());
    assert.equal(await page.locator('#camera-card').isVisible(), false);
  });

  it('keeps looking while it is told to, shows what was sent, and stops when the tab is hidden', async () => {
    const { page } = visitor;
    await button('Camera').click();
    await button('Keep looking').click();
    await page.getByRole('img', { name: 'The picture that was sent last' }).waitFor(SOON);
    await soon('a second picture', () => pictures().length === 2);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    assert.ok(await cameraIsOff());
    assert.equal(await page.locator('#camera').getAttribute('aria-pressed'), 'false');
  });

  it('says in plain words that the camera is denied, is gone, and that the agent cannot see after all', async () => {
    const { page } = visitor;
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia;
      mediaDevices.getUserMedia = () => {
        mediaDevices.getUserMedia = ask;
        return Promise.reject(new DOMException('denied', 'NotAllowedError'));
      };
    });
    await button('Camera').click();
    await page.getByText('The camera is not allowed.').waitFor(SOON);
    await button('Camera').click();
    await button('Show this').waitFor(SOON);
    await page.evaluate(() => window.probe.streams[0]?.getTracks()[0]?.dispatchEvent(new Event('ended')));
    await page.getByText('The camera is gone.').waitFor(SOON);
    assert.equal(await page.locator('#camera-card').isVisible(), false);
    const blind = new AgentError('agent_cannot_see', 'no pictures, please');
    agent.sessions.at(-1)?.emit({ type: 'fault', error: blind });
    await page.getByText('This voice agent cannot look at pictures.').waitFor(SOON);
    assert.equal(await page.locator('#camera').isVisible(), false);
  });

  it('throws confetti when the model asks for it, notes what it cannot do, and does nothing else', async () => {
    const { page } = visitor;
    await visitor.say('trigger_confetti');
    await page.locator('.note', { hasText: 'Confetti!' }).waitFor(SOON);
    assert.ok((await page.locator('.confetti i').count()) > 20);
    await visitor.say('open_page');
    await page.locator('.note', { hasText: 'The avatar asked this page for “open_page”' }).waitFor(SOON);
    assert.ok(!visitor.sent.some(({ type }) => type === 'action_result'));
    assert.equal(page.url(), `${running.http}/`);
  });

  it('thinks from the question on, until it is told that nobody wants the answer any more', async () => {
    await visitor.say('think');
    await visitor.state('thinking');
    await visitor.page.keyboard.press('Escape');
    await visitor.state('listening');
    assert.ok(visitor.sent.some(({ type }) => type === 'interrupt'));
  });
});
