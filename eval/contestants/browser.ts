import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian and its like have it. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A headless browser; undefined where none is installed (CHROMIUM_PATH says where another is). The caller closes it. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...BROWSERS].find((path) => existsSync(path));
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  });
}
