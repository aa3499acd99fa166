import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { ScriptedAgent } from '../src/agents/scripted/scripted-agent.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { runApp } from '../test/support/client.ts';

/** Takes the page's pictures for the documentation: `node scripts/page-pictures.ts [folder]`. It needs Chromium. */
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url)));

interface Scene {
  readonly visitor: BrowserContextOptions;
  /** What is asked before the picture is taken. */
  readonly asks?: string;
  /** A word that is to be there. */
  readonly hears?: string;
  readonly does?: (page: Page) => Promise<void>;
  /** With an agent that can see instead of the offline one. */
  readonly sees?: true;
  readonly path?: string;
}

const DESKTOP: BrowserContextOptions = { viewport: { width: 860, height: 540 } };
const PHONE: BrowserContextOptions = {
  ...{ viewport: { width: 360, height: 640 }, deviceScaleFactor: 1.5, hasTouch: true, isMobile: true },
};
const JOKE = { asks: 'Tell me a joke', hears: 'walks' };

const SCENES: Readonly<Record<string, Scene>> = {
  'page-idle': { visitor: DESKTOP },
  speaking: { visitor: DESKTOP, ...JOKE },
  'page-dark': { visitor: { ...DESKTOP, colorScheme: 'dark' }, ...JOKE },
  'page-phone': { visitor: PHONE, ...JOKE },
  'page-german': {
    ...{ visitor: DESKTOP, path: '?lang=de' },
    does: (page) => page.locator('#about summary').click(),
  },
  'page-camera': {
    ...{ visitor: { ...DESKTOP, permissions: ['camera'] }, sees: true },
    does: async (page) => {
      await page.locator('#camera').click();
      await page.locator('#camera-show').click();
      await page.locator('#camera-watch').click();
      await page.locator('#camera-sent img').waitFor();
    },
  },
  'page-reconnecting': {
    visitor: DESKTOP,
    does: async (page) => {
      await page.routeWebSocket('**/ws', (socket) => void socket.close({ code: 1013 }));
      await page.reload();
      await page.waitForTimeout(4000);
    },
  },
};

await mkdir(folder, { recursive: true });
const browser = await launchChromium();
for (const [name, scene] of Object.entries(SCENES)) {
  const overrides = scene.sees ? { agent: new ScriptedAgent() } : {};
  const { app, http } = await runApp({ FACE_ENGINE: 'auto' }, overrides);
  const context = await browser.newContext(scene.visitor);
  const page = await context.newPage();
  await page.goto(`${http}/${scene.path ?? ''}`);
  await page.locator('body[data-state=listening]').waitFor();
  await page.waitForTimeout(1500); // she wakes up
  if (scene.asks !== undefined) {
    await page.locator('#text').fill(scene.asks);
    await page.locator('#text').press('Enter');
    await page.locator('.word', { hasText: scene.hears ?? '' }).waitFor();
    // Where she is loud her mouth is open.
    const halo = page.locator('#halo');
    while (Number((await halo.getAttribute('style'))?.split(':')[1]?.split(';')[0]) < 0.9) {
      await page.waitForTimeout(5);
    }
  } else {
    await scene.does?.(page);
    await page.waitForTimeout(300);
  }
  await writeFile(join(folder, `${name}.png`), await page.screenshot());
  console.log(`${name}.png`);
  await context.close();
  await app.close();
}
await browser.close();
