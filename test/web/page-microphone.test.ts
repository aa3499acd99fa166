import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { loadFlite, runFlite } from '../../src/agents/offline/speech/flite.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { SOON, soon, visit } from './visitor.ts';

describe('the page, with a microphone', { skip: noChromium, timeout: 240_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
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

  it('listens through an open microphone, lets itself be interrupted by it, and shows how loud it is', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await visitor.say('What can you do?');
      await visitor.hears(2);
      await visitor.button('Open microphone').click();
      await page.locator('#microphone[aria-pressed=true]').waitFor(SOON);
      await page.waitForFunction(() => {
        const level = document.querySelector<HTMLElement>('#microphone')?.style.getPropertyValue('--level');
        return Number(level) > 0.2;
      });
      await page.locator('.avatar.cut').waitFor(SOON);
      await page.locator('.avatar').nth(1).waitFor(SOON);
      assert.match((await visitor.spoken()).split('\n')[1] ?? '', /^\(your/);
      const spoken = visitor.types().filter((type) => type !== 'text');
      assert.deepEqual(spoken.slice(0, 2), ['audio_stream_start', 'audio']);
      await visitor.button('Close the microphone').click();
      await page.locator('#microphone[aria-pressed=false]').waitFor(SOON);
      await soon('the server knows', () => visitor.types().at(-1) === 'audio_stream_end');
      assert.ok(await page.evaluate(() => window.probe.streams[0]?.getTracks()[0]?.readyState === 'ended'));
    });
  });

  it('hears what is said while the space bar is held, or the button, and nothing else', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await page.getByRole('heading', { name: 'Hello there.' }).click(); // away from the text box
      await page.keyboard.down('Space');
      await page.locator('#talk[aria-pressed=true]').waitFor(SOON);
      await soon('the server hears', () => visitor.types().filter((type) => type === 'audio').length > 12);
      await page.keyboard.up('Space');
      await page.locator('#talk[aria-pressed=false]').waitFor(SOON);
      await soon('it is complete', () => visitor.types().at(-1) === 'audio_stream_end');
      await page.locator('.avatar').waitFor(SOON);
      assert.match(await visitor.spoken(), /^\(your/);

      await visitor.button('Hold to talk').hover();
      await page.mouse.down();
      await page.locator('#talk[aria-pressed=true]').waitFor(SOON);
      await page.mouse.up();
      await page.locator('#talk[aria-pressed=false]').waitFor(SOON);

      const ofSound = () => visitor.types().filter((type) => type.startsWith('audio'));
      const ends = () => ofSound().filter((type) => type === 'audio_stream_end').length;
      await soon('that is complete, too', () => ends() === 2);
      const before = ofSound();
      await page.locator('#text').pressSequentially('a b');
      assert.equal(await page.locator('#text').inputValue(), 'a b', 'a space is a space');
      assert.deepEqual(ofSound(), before);
    });
  });

  it('says in plain words that the microphone is denied, and when it vanishes', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await page.evaluate(() => {
        const { mediaDevices } = navigator;
        const ask = mediaDevices.getUserMedia;
        mediaDevices.getUserMedia = () => {
          mediaDevices.getUserMedia = ask;
          return Promise.reject(new DOMException('denied', 'NotAllowedError'));
        };
      });
      await visitor.button('Open microphone').click();
      await page.getByText('The microphone is not allowed').waitFor(SOON);
      assert.equal(await page.locator('#microphone').getAttribute('aria-pressed'), 'false');
      await visitor.button('Open microphone').click();
      await soon('the server hears', () => visitor.types().includes('audio'));
      await page.evaluate(() => window.probe.streams[0]?.getTracks()[0]?.dispatchEvent(new Event('ended')));
      await page.getByText('The microphone is gone').waitFor(SOON);
      assert.equal(await page.locator('#microphone').getAttribute('aria-pressed'), 'false');
      await visitor.say('Hello');
      await visitor.hears(1);
    });
  });
});
