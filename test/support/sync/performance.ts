import type { Page } from 'playwright-core';
import { LANDMARKS } from './landmarks.ts';
import { type Recording, recorderScript } from './recorder.ts';

/** A page with a message box and a stop button whose body says its state, as the server's own does. */
export interface Venue {
  /** Its path on the server. */
  readonly path: string;
  /** Its markup, where the server has no such page. */
  readonly markup?: string;
}

/** The server's page. */
export const OWN_PAGE: Venue = { path: '/' };

/** The least page: the client library and a face, or `bars`: a line in its place, which costs next to nothing. @param width of the face (CSS pixels). */
export function studio(face: 'head' | 'flat' | 'bars', width = 620): Venue {
  const options = face === 'flat' ? "{ kind: '2d' }" : '{}';
  const draw =
    face === 'bars'
      ? "bars.setAttribute('d', 'M' + (heard?.weights.jawOpen ?? 0) + ' ' + (heard?.weights.browInnerUp ?? 0) + 'v1');"
      : 'face.draw(heard?.weights, chat.player.speaking ? "speaking" : "calm", now);';
  return {
    path: `/sync-studio-${face}`,
    markup: `<!doctype html><meta charset="utf-8"><title>Studio</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/face/face.css"><style>body { margin: 0 } #face { width: ${width}px; height: ${Math.round(1.05 * width)}px }</style>
<body><div id="face"></div><svg width="20" height="20" viewBox="0 0 1 1"><path id="sync-bars" stroke="red" /></svg><label>Message <input></label><button id="stop">Stop speaking</button>
<script type="module">
import { AvatarChat } from '/client/src/index.js';
import { createFace } from '/face/face.js';
const chat = new AvatarChat();
const bars = document.querySelector('#sync-bars');
const face = ${face === 'bars' ? 'undefined' : `createFace(document.querySelector('#face'), ${options})`};
const input = document.querySelector('input');
input.onkeydown = ({ key }) => { if (key === 'Enter') { chat.sendText(input.value); input.value = ''; } };
document.querySelector('#stop').onclick = () => chat.interrupt();
chat.on('activity', (activity) => { document.body.dataset.state = activity; });
chat.connect();
requestAnimationFrame(function draw(now) {
  const heard = chat.player.heard();
  ${draw}
  requestAnimationFrame(draw);
});
</script>`,
  };
}

/** Patience for what happens within a second on a quiet machine. */
const PATIENCE_MS = 30_000;

/** Opens a page and makes sure that it is being recorded, with its sound running. @param pixels see {@link recorderScript}. */
export async function enter(page: Page, server: string, venue: Venue, pixels = false): Promise<void> {
  if (venue.markup !== undefined) {
    const { markup } = venue;
    await page.route(`**${venue.path}`, (route) => route.fulfill({ contentType: 'text/html', body: markup }));
  }
  await page.addInitScript(recorderScript(LANDMARKS, pixels));
  await page.goto(`${server}${venue.path}`);
  await page.locator('body[data-state=listening]').waitFor({ timeout: PATIENCE_MS });
  // A click lets sound out, and the tap is there before there is any.
  await page.getByLabel('Message').click();
  await page.waitForFunction('window.syncTapped === true', undefined, { timeout: PATIENCE_MS });
  await page.waitForTimeout(500);
}

/** Lets her speak `seconds` to the end (or until `stopAfterMs` of it), and gives what was recorded. */
export async function perform(
  page: Page,
  { seconds, stopAfterMs }: { readonly seconds: number; readonly stopAfterMs?: number },
): Promise<Recording> {
  await page.evaluate('window.takeSyncRecording()');
  await page.getByLabel('Message').fill(String(seconds));
  await page.keyboard.press('Enter');
  await page.locator('body[data-state=speaking]').waitFor({ timeout: PATIENCE_MS });
  if (stopAfterMs !== undefined) {
    await page.waitForTimeout(stopAfterMs);
    // Not the mouse: what is measured is the page, not the way of a pointer.
    await page.evaluate("document.querySelector('#stop').click()");
  }
  await page.locator('body[data-state=listening]').waitFor({ timeout: 1000 * seconds + PATIENCE_MS });
  await page.waitForTimeout(1200); // the mouth comes to rest; the last blocks come from the audio thread
  return (await page.evaluate('window.takeSyncRecording()')) as Recording;
}
