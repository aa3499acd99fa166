import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { SOON, visit } from './visitor.ts';

describe('the page, in conversation', { skip: noChromium, timeout: 240_000 }, () => {
  let running: RunningApp;
  let browser: Browser;

  before(async () => {
    browser = await launchChromium(undefined, [FLAT_FACE]);
    running = await runApp();
  });

  after(async () => {
    await browser.close();
    await running.app.close();
  });

  it('speaks the answer, moves the mouth with it, and shows each word when it is heard', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await page.evaluate(() => {
        const seen = { mouths: new Set<string>(), texts: new Set<string>() };
        const look = () => {
          const mouth = document.querySelector('#mouth-opening')?.getAttribute('d');
          const text = document.querySelector('#conversation .avatar')?.textContent;
          if (mouth) seen.mouths.add(mouth);
          if (text) seen.texts.add(text);
        };
        new MutationObserver(look).observe(document.body, {
          subtree: true,
          childList: true,
          attributes: true,
        });
        Object.assign(window, { seen });
      });
      await visitor.say('How are you?');
      await visitor.state('speaking');
      await visitor.state('listening');
      const { mouths, texts } = await page.evaluate(() => {
        const { seen } = window as unknown as { seen: { mouths: Set<string>; texts: Set<string> } };
        return { mouths: seen.mouths.size, texts: seen.texts.size };
      });
      assert.ok(mouths >= 20, `the mouth had ${mouths} shapes`);
      assert.ok(texts >= 5, `words came in ${texts} steps`);
      assert.deepEqual([await visitor.spoken()], visitor.answers);
      assert.deepEqual(await visitor.said(), ['How are you?']);
      assert.equal(await page.locator('#welcome').isVisible(), false);
    });
  });

  it('shows in the same moment that it was stopped, keeps the words that were heard, and is silent within 100 ms', async (t) => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
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
  });

  it('stops with Esc, from wherever the focus is', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await visitor.button('What can you do?').click();
      await visitor.hears(2);
      await page.keyboard.press('Escape');
      await visitor.state('listening');
      assert.equal(await page.locator('.avatar.cut').count(), 1);
      assert.ok(visitor.types().includes('interrupt'));
    });
  });

  it('says that the browser holds sound back, and goes on with a click', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await visitor.say('How are you?');
      await visitor.hears(1);
      await page.evaluate(() => window.probe.contexts[0]?.suspend());
      await page.getByText('Your browser holds the sound back.').waitFor(SOON);
      await visitor.button('Click to hear').click();
      await visitor.state('listening');
      assert.equal(await page.locator('#banner').isVisible(), false);
      assert.deepEqual([await visitor.spoken()], visitor.answers);
    });
  });

  it('goes on after a sleep in the middle of an answer', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      await visitor.say('How are you?');
      await visitor.hears(1);
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await devtools.send('Page.setWebLifecycleState', { state: 'active' });
      await visitor.state('listening');
      await visitor.say('Thanks');
      await page.getByText('You are welcome.').waitFor(SOON);
    });
  });
});
