import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { FLAT_FACE, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { SOON, visit } from './visitor.ts';

describe('the page, however one comes to it', { skip: noChromium, timeout: 240_000 }, () => {
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

  it('finds the server again after a restart, by itself, and then says what was typed meanwhile', async () => {
    let server = await runApp();
    await visit(browser, { url: server.http }, async (visitor) => {
      const { page } = visitor;
      // What is said by a screen reader when it changes must be there before it does.
      const places = await page.getByRole('status').count();
      await server.app.close();
      await visitor.state('reconnecting');
      await visitor.say('Thanks');
      await page.getByText('It is sent as soon as').waitFor(SOON);
      await page.getByText('The connection is gone.').waitFor(SOON);
      assert.equal(places, 3, 'the state, the banner, and what waits');
      assert.equal(await page.getByRole('status').count(), places);
      server = await runApp({ SERVER_PORT: String(server.port) });
      await visitor.state('speaking');
      assert.deepEqual(await visitor.said(), ['Thanks']);
      assert.equal(await page.locator('#text').inputValue(), '');
      assert.equal(await page.locator('#banner').isVisible(), false);
      visitor.forgive(/ERR_CONNECTION_REFUSED/);
    });
    await server.app.close();
  });

  it('gets itself a token where the server asks for one', async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const locked = { AUTH_ENABLED: 'true', AUTH_ALLOWED_ORIGINS: origin, SERVER_PORT: String(port) };
    const server = await runApp(locked);
    await visit(browser, { url: origin }, async (visitor) => {
      await visitor.say('Thanks');
      await visitor.state('speaking');
    });
    await server.app.close();
  });

  it('speaks German where that is asked for, and says who is live and how to get better', async () => {
    await visit(browser, { url: `${running.http}/?lang=de` }, async (visitor) => {
      const { page } = visitor;
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
      await visitor.button('Hello').click(); // the offline agent knows English only
      await visitor.hears(1);
      assert.equal((await page.locator('#conversation .avatar').textContent())?.slice(0, 7), 'Avatar:');
    });
  });

  it('can be used with the keyboard alone, in a sensible order', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
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
  });

  it('fits a phone, upright, on its side, and under a keyboard, with targets that a thumb finds', async () => {
    await visit(browser, { url: running.http, hasTouch: true, isMobile: true }, async (visitor) => {
      const { page } = visitor;
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
  });

  it('opens the developer’s view beside the conversation, loaded only then', async () => {
    await visit(browser, { url: running.http }, async (visitor) => {
      const { page } = visitor;
      const scripts = () =>
        page.evaluate(() =>
          performance.getEntriesByType('resource').filter(({ name }) => name.includes('developer-view')),
        );
      assert.equal((await scripts()).length, 0);
      await visitor.button('Developer’s view').click();
      await page.getByRole('complementary', { name: 'Developer’s view' }).waitFor(SOON);
      assert.ok((await scripts()).length > 0);
      await visitor.button('Close').click();
      assert.equal(await page.getByRole('complementary').count(), 0);
      await page.goto(`${running.http}/?developer`);
      await page.getByRole('complementary', { name: 'Developer’s view' }).waitFor(SOON);
      await visitor.state('listening');
    });
  });
});
