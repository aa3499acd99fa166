import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { afterStop, type Findings, findingsOf } from '../support/sync/findings.ts';
import { enter, perform, studio } from '../support/sync/performance.ts';
import { scoreAgent, scoreAnimator } from '../support/sync/score.ts';
import { launchStage, newStagePage } from '../support/sync/stage.ts';

const SECONDS = 4;

/** A face so small (pixels) that a busy machine draws it, too. */
const SMALL = 160;

/**
 * Whatever else the machine does, pictures and sound belong together; how many pictures there are, and how smooth the
 * sound is, depends on it, and is a figure of the bench (page-sync).
 */
describe('sound and picture', { skip: noChromium, timeout: 120_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  before(async () => {
    running = await runApp({}, { agent: scoreAgent(), animator: scoreAnimator() });
    browser = await launchStage();
  });
  after(async () => {
    await browser.close();
    await running.app.close();
  });
  beforeEach(async () => {
    page = await newStagePage(browser);
    complaints = complaintsOf(page);
  });
  afterEach(async () => {
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('every sample is heard, and every picture is of what is being heard', async (t) => {
    await enter(page, running.http, studio('head', SMALL));
    const findings = findingsOf(await perform(page, { seconds: SECONDS }), SECONDS);
    const { sounded, frames, pictures, framesDrawn } = findings;
    const { whole, spoiled, gaps } = sounded;
    assert.equal(whole.at(-1)?.frame, frames - 1, 'all of it was heard');
    assert.deepEqual(changedFrames(findings), [], 'frames were lost or changed');
    assert.ok(pictures.length >= 5, `${pictures.length} pictures`);
    t.diagnostic(
      `${pictures.length} pictures of ${framesDrawn} frames; sound broke ${gaps.length} times, ${spoiled.length} frames spoiled`,
    );
    for (const { drawn, offBy, strangeness } of pictures) {
      assert.ok(strangeness < 0.05, `what is drawn at ${drawn} was never sent: ${strangeness}`);
      assert.ok(offBy <= 1, `${offBy} frames away from its sound at ${drawn}`);
    }
    const order = pictures.map(({ drawn }) => drawn);
    assert.ok(
      order.every((drawn, at) => drawn > (order[at - 1] ?? 0) - 0.1),
      `pictures went back: ${order.map((drawn) => drawn.toFixed(1)).join(' ')}`,
    );
  });

  it('after an interrupt there is silence, the page says so, and the mouth closes', async (t) => {
    await enter(page, running.http, studio('head', SMALL));
    const recording = await perform(page, { seconds: 20, stopAfterMs: 1000 });
    const findings = findingsOf(recording, 20);
    const { silentMs, toldMs, closedMs } = afterStop(recording, findings);
    assert.ok((findings.sounded.whole.at(-1)?.frame ?? 0) < 599, 'it was stopped');
    assert.ok(silentMs < 100, `silent after ${silentMs} ms`);
    assert.ok(toldMs !== undefined && closedMs !== undefined, 'it did not show');
    t.diagnostic(
      `silent ${silentMs.toFixed(1)} ms after, told after ${toldMs.toFixed(1)}, closed after ${closedMs.toFixed(0)}`,
    );
  });
});

/** Frames that were not heard as they are; what is around a gap, or at the beginning, may have begun late. */
function changedFrames({ sounded: { spoiled, gaps } }: Findings): number[] {
  const mayBeSpoiled = [0, 1, ...gaps.flatMap(({ frame }) => [frame - 2, frame - 1, frame, frame + 1])];
  return spoiled.filter((frame) => !mayBeSpoiled.includes(frame));
}
