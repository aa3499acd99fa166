import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { complaintsOf, launchChromium, noChromium } from '../support/chromium.ts';
import { runApp } from '../support/client.ts';
import { serveHostPage } from '../support/host-page.ts';

const documentation = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8');
const page = /```html\n([\s\S]*?)```/.exec(documentation)?.[1] ?? '';

describe('the page in docs/client.md', () => {
  it('has 15 lines', () => {
    assert.equal(page.trim().split('\n').length, 15);
  });

  it('talks, as it stands there', { skip: noChromium, timeout: 60_000 }, async () => {
    const running = await runApp();
    const host = await serveHostPage(page.replaceAll('http://localhost:8080', running.http));
    const browser = await launchChromium();
    try {
      const opened = await browser.newPage();
      const complaints = complaintsOf(opened);
      await opened.goto(host.url);
      const sizes = new Set<string | null>();
      const words = opened.locator('p', { hasText: 'Hello!' });
      while (!(await words.isVisible())) {
        await opened.getByRole('button').click(); // until it is online, nobody can be told
        await opened.waitForTimeout(400);
      }
      for (let look = 0; look < 15; look += 1) {
        sizes.add(await opened.locator('p').getAttribute('style'));
        await opened.waitForTimeout(50);
      }
      assert.ok(sizes.size > 4, `the mouth had ${sizes.size} sizes`);
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      await host.close();
      await running.app.close();
    }
  });
});
