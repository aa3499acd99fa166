import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browserPath = [process.env['CHROMIUM_PATH'] ?? '', ...BROWSERS].find((path) => existsSync(path));

/** Why tests in a browser are skipped; false where there is one. */
export const noChromium = browserPath === undefined && 'no Chromium found; CHROMIUM_PATH says where it is';

/** Makes a browser draw the flat face: its mouth can be read, and it costs little. */
export const FLAT_FACE = '--disable-3d-apis';

/**
 * Starts a browser without a window. The caller closes it.
 *
 * @param wav is what its microphone hears, once.
 * @param more arguments of the browser.
 */
export function launchChromium(wav?: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(wav === undefined ? [] : [`--use-file-for-fake-audio-capture=${wav}%noloop`]),
      ...more,
    ],
  });
}

/** Everything a page complains about from now on: exceptions, warnings, violated policies. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}
