import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { loadFlite, runFlite } from '../../src/agents/offline/speech/flite.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { SOON, Visitor } from './visitor.ts';

describe('the page', { skip: noChromium, timeout: 90_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let visitor: Visitor;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-test-'));
    const speech = await runFlite(await loadFlite(), 'rms', 'The quick brown fox jumps over the lazy dog.');
    await writeFile(join(folder, 'speech.wav'), encodeWav(speech));
    browser = await launchChromium(join(folder, 'speech.wav'), [FLAT_FACE]);
    running = await runApp();
  });

  after(async () => {
    await browser.close();
    await running.app.close();
    await rm(folder, { recursive: true });
  });

  afterEach(async () => {
    await visitor.leave();
    await context.close();
  });

  async function open(path = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<Visitor> {
    context = await browser.newContext({ permissions: ['microphone'], ...options });
    visitor = await Visitor.open(context, `${running.http}/${path}`);
    await visitor.state('listening');
    return visitor;
  }

  const button = (name: string) => visitor.page.getByRole('button', { name, exact: true });
  const types = () => visitor.sent.map(({ type }) => type).filter((type) => type !== 'playback');

  it('speaks the answer, moves the mouth with it, and shows each word when it is heard', async () => {
    const { page } = await open();
    await visitor.say('How are you?');
    await visitor.state('speaking');
    const mouths = new Set<string | null>();
    const lengths = new Set<number>();
    const half = await visitor.spoken();
    while ((await page.locator('body').getAttribute('data-state')) === 'speaking') {
      mouths.add(await page.locator('#mouth-opening').getAttribute('d'));
      lengths.add((await visitor.spoken()).length);
      await page.waitForTimeout(40);
    }
    assert.ok(mouths.size >= 8, `the mouth had ${mouths.size} shapes`);
    assert.ok(lengths.size >= 3, `words came in ${lengths.size} steps`);
    assert.deepEqual([await visitor.spoken()], visitor.answers);
    assert.ok(half.length < (await visitor.spoken()).length, 'all words were there before they were heard');
    assert.deepEqual(await visitor.said(), ['How are you?']);
    assert.equal(await page.locator('#welcome').isVisible(), false);
  });

  it('shows in the same moment that it was stopped, keeps the words that were heard, and is silent within 100 ms', async (t) => {
    const { page } = await open();
    await visitor.say('What can you do?');
    await visitor.hears(4);
    const cut = await page.evaluate(async () => {
      const { contexts, analyser } = window.probe;
      const context = contexts[0];
      if (context === undefined || analyser === undefined) throw new Error('nothing was played');
      document.querySelector<HTMLElement>('#stop')?.click();
      const atS = context.currentTime;
      const state = document.body.dataset['state'];
      const marked = document.querySelectorAll('#conversation .avatar.cut').length;
      const sound = new Float32Array(analyser.fftSize);
      let lastS = 0;
      while (context.currentTime < atS + 0.6) {
        analyser.getFloatTimeDomainData(sound);
        const last = sound.findLastIndex((sample) => Math.abs(sample) > 1e-4);
        if (last !== -1) lastS = context.currentTime - (sound.length - last) / context.sampleRate;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { state, marked, soundedOnMs: 1000 * (lastS - atS) };
    });
    t.diagnostic(`sound went on for ${cut.soundedOnMs.toFixed(0)} ms of the audio clock`);
    assert.deepEqual([cut.state, cut.marked], ['listening', 1]);
    assert.ok(cut.soundedOnMs < 100, `${cut.soundedOnMs} ms`);
    const words = await visitor.spoken();
    await page.waitForTimeout(300);
    assert.equal(await visitor.spoken(), words);
    assert.ok(words.length < 100, words);
  });

  it('stops with Esc, from wherever the focus is', async () => {
    const { page } = await open();
    await button('What can you do?').click();
    await visitor.hears(2);
    await page.keyboard.press('Escape');
    await visitor.state('listening');
    assert.equal(await page.locator('.avatar.cut').count(), 1);
    assert.ok(types().includes('interrupt'));
  });

  it('listens through an open microphone, lets itself be interrupted by it, and shows how loud it is', async () => {
    const { page } = await open();
    await visitor.say('What can you do?');
    await visitor.hears(2);
    await button('Open microphone').click();
    await page.locator('#microphone[aria-pressed=true]').waitFor(SOON);
    await page.waitForFunction(() => {
      const level = document.querySelector<HTMLElement>('#microphone')?.style.getPropertyValue('--level');
      return Number(level) > 0.2;
    });
    await page.locator('.avatar.cut').waitFor(SOON);
    await page.locator('.avatar').nth(1).waitFor(SOON);
    assert.match((await visitor.spoken()).split('\n')[1] ?? '', /^\(your/);
    const spoken = types().filter((type) => type !== 'text');
    assert.deepEqual(spoken.slice(0, 2), ['audio_stream_start', 'audio']);
    await button('Close the microphone').click();
    await page.locator('#microphone[aria-pressed=false]').waitFor(SOON);
    await eventually('the server knows', () => types().at(-1) === 'audio_stream_end');
    assert.ok(await page.evaluate(() => window.probe.streams[0]?.getTracks()[0]?.readyState === 'ended'));
  });

  it('hears what is said while the space bar is held, or the button, and nothing else', async () => {
    const { page } = await open();
    await page.getByRole('heading', { name: 'Hello there.' }).click(); // away from the text box
    await page.keyboard.down('Space');
    await page.locator('#talk[aria-pressed=true]').waitFor(SOON);
    await eventually('the server hears', () => types().filter((type) => type === 'audio').length > 12);
    await page.keyboard.up('Space');
    await page.locator('#talk[aria-pressed=false]').waitFor(SOON);
    await eventually('it is complete', () => types().at(-1) === 'audio_stream_end');
    await page.locator('.avatar').waitFor(SOON);
    assert.match(await visitor.spoken(), /^\(your/);

    await button('Hold to talk').hover();
    await page.mouse.down();
    await page.locator('#talk[aria-pressed=true]').waitFor(SOON);
    await page.mouse.up();
    await page.locator('#talk[aria-pressed=false]').waitFor(SOON);

    const before = types().length;
    await page.locator('#text').pressSequentially('a b');
    assert.equal(await page.locator('#text').inputValue(), 'a b', 'a space is a space');
    assert.equal(types().length, before);
  });

  it('says in plain words that the microphone is denied, and when it vanishes', async () => {
    const { page } = await open();
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia;
      mediaDevices.getUserMedia = () => {
        mediaDevices.getUserMedia = ask;
        return Promise.reject(new DOMException('denied', 'NotAllowedError'));
      };
    });
    await button('Open microphone').click();
    await page.getByText('The microphone is not allowed').waitFor(SOON);
    assert.equal(await page.locator('#microphone').getAttribute('aria-pressed'), 'false');
    await button('Open microphone').click();
    await eventually('the server hears', () => types().includes('audio'));
    await page.evaluate(() => window.probe.streams[0]?.getTracks()[0]?.dispatchEvent(new Event('ended')));
    await page.getByText('The microphone is gone').waitFor(SOON);
    assert.equal(await page.locator('#microphone').getAttribute('aria-pressed'), 'false');
    await visitor.say('Hello');
    await visitor.hears(1);
  });

  it('says that the browser holds sound back, and goes on with a click', async () => {
    const { page } = await open();
    await visitor.say('How are you?');
    await visitor.hears(1);
    await page.evaluate(() => window.probe.contexts[0]?.suspend());
    await page.getByText('Your browser holds the sound back.').waitFor(SOON);
    await button('Click to hear').click();
    await visitor.state('listening');
    assert.equal(await page.locator('#banner').isVisible(), false);
    assert.deepEqual([await visitor.spoken()], visitor.answers);
  });

  it('goes on after a sleep in the middle of an answer', async () => {
    const { page } = await open();
    await visitor.say('How are you?');
    await visitor.hears(1);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await visitor.state('listening');
    await visitor.say('Thanks');
    await page.getByText('You are welcome.').waitFor(SOON);
  });

  it('finds the server again after a restart, at once when told to, and then says what was typed meanwhile', async () => {
    const { page } = await open();
    await running.app.close();
    await visitor.state('reconnecting');
    await visitor.say('Thanks');
    await page.getByText('It is sent as soon as').waitFor(SOON);
    await page.getByText('The connection is gone.').waitFor(SOON);
    running = await runApp({ SERVER_PORT: String(running.port) });
    await button('Try now').click();
    await visitor.state('speaking');
    assert.deepEqual(await visitor.said(), ['Thanks']);
    assert.equal(await page.locator('#text').inputValue(), '');
    assert.equal(await page.locator('#banner').isVisible(), false);
    const away = visitor.complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'));
    visitor.complaints.splice(0, visitor.complaints.length, ...away);
  });

  it('gets itself a token where the server asks for one', async () => {
    await running.app.close();
    const { port, http } = running;
    const locked = { AUTH_ENABLED: 'true', AUTH_ALLOWED_ORIGINS: http, SERVER_PORT: String(port) };
    running = await runApp(locked);
    await open();
    await visitor.say('Hello');
    await visitor.state('speaking');
  });

  it('speaks German where that is asked for, and says who is live and how to get better', async () => {
    const { page } = await open('?lang=de');
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    assert.equal(await page.title(), 'Avatar-Gespräch');
    await page.getByText('Hört zu').waitFor(SOON);
    await page.getByRole('heading', { name: 'Schön, dass du da bist.' }).waitFor(SOON);
    await page.locator('#about summary').click();
    await page.getByText('Offline-Agent · einfaches Gesicht').waitFor(SOON);
    await page.getByText('OPENAI_API_KEY').waitFor(SOON);
    assert.equal(
      await page.locator('#camera').isVisible(),
      false,
      'an agent that cannot see needs no camera',
    );
    await page.keyboard.press('Escape');
    await button('Hello').click(); // the offline agent knows English only
    await visitor.hears(1);
    assert.equal((await page.locator('#conversation .avatar').textContent())?.slice(0, 7), 'Avatar:');
  });

  it('can be used with the keyboard alone, in a sensible order', async () => {
    const { page } = await open();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'text', 'one can type at once');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Tab'); // from the text box, the last one, around
    const order: string[] = [];
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const focused = document.activeElement as HTMLElement;
        if (getComputedStyle(focused).outlineStyle === 'none' && focused.id !== 'text') return 'invisible';
        return focused.getAttribute('aria-label') ?? focused.innerText.split('\n')[0] ?? '';
      });
      order.push(name);
    }
    const talking = ['Who is speaking', 'Developer’s view', 'Open microphone', 'Hold to talk'];
    assert.deepEqual(order, [...talking, 'Hello', 'What can you do?', 'Tell me a joke', '']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await visitor.state('speaking');
    assert.deepEqual(await visitor.said(), ['Tell me a joke']);
  });

  it('fits a phone, upright, on its side, and under a keyboard, with targets that a thumb finds', async () => {
    const { page } = await open('', { hasTouch: true, isMobile: true });
    for (const [width, height] of [
      [360, 640],
      [360, 330],
      [740, 360],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForFunction((wanted) => document.body.clientHeight === wanted, height);
      const boxes = await page
        .locator('button:visible, summary:visible, textarea:visible')
        .evaluateAll((all) =>
          all.map((each) => {
            const { left, top, right, bottom } = each.getBoundingClientRect();
            const name = each.getAttribute('aria-label') ?? each.textContent?.trim() ?? '';
            return { name, left, top, right, bottom, scrolls: each.closest('#scroll') !== null };
          }),
        );
      assert.ok(boxes.length >= 5);
      for (const { name, left, top, right, bottom, scrolls } of boxes) {
        const what = `${name} at ${width} x ${height}`;
        assert.ok(right - left >= 44 && bottom - top >= 44, `${what}: ${right - left} x ${bottom - top}`);
        assert.ok(left >= 0 && right <= width, `${what} is cut off`);
        assert.ok(scrolls || (top >= 0 && bottom <= height), `${what} is out of sight`);
      }
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    }
  });

  it('opens the developer’s view beside the conversation, loaded only then', async () => {
    const { page } = await open();
    const scripts = () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').filter(({ name }) => name.includes('developer-view')),
      );
    assert.equal((await scripts()).length, 0);
    await button('Developer’s view').click();
    await page.getByRole('complementary', { name: 'Developer’s view' }).waitFor(SOON);
    assert.ok((await scripts()).length > 0);
    await button('Close').click();
    assert.equal(await page.getByRole('complementary').count(), 0);
    await page.goto(`${running.http}/?developer`);
    await page.getByRole('complementary', { name: 'Developer’s view' }).waitFor(SOON);
    await visitor.state('listening');
  });
});
