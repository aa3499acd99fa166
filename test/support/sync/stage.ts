import { type Browser, chromium, type Page } from 'playwright-core';
import { browserPath, SOFTWARE_GRAPHICS } from '../face-studio.ts';

/** Starts a browser that draws on the processor, plays at once, and lets a page of a test's own talk with a server of this machine. The caller closes it. */
export function launchStage(): Promise<Browser> {
  return chromium.launch({
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    args: [
      ...SOFTWARE_GRAPHICS,
      '--autoplay-policy=no-user-gesture-required',
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
}

/** A page that can be recorded (recorder.ts). */
export function newStagePage(browser: Browser): Promise<Page> {
  return browser.newPage({
    viewport: { width: 1000, height: 900 },
    reducedMotion: 'reduce',
    bypassCSP: true,
  });
}
