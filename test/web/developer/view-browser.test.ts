import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { AvatarChat, Player, Weights } from '../../../client/src/index.ts';
import { ScriptedAgent } from '../../../src/agents/scripted/scripted-agent.ts';
import { decodeWav } from '../../../src/audio/wav.ts';
import type { DeveloperView } from '../../../web/developer/developer-view.ts';
import { complaintsOf, launchChromium, noChromium } from '../../support/chromium.ts';
import { type RunningApp, runApp } from '../../support/client.ts';
import { serveDeveloperStudio } from '../../support/developer-studio.ts';
import type { HostPage } from '../../support/host-page.ts';

const RATE = 24_000;
const SOON = { timeout: 10_000 };

/** A voice, as far as a face that follows loudness knows: a tone that comes and goes. */
const spoken = Int16Array.from({ length: 1.5 * RATE }, (_, at) => {
  const loud = Math.max(0, Math.sin((2 * Math.PI * 3 * at) / RATE));
  return Math.round(18_000 * loud * Math.sin((2 * Math.PI * 300 * at) / RATE));
});

/** What the studio has in its window. */
declare const window: Window & {
  chat: AvatarChat;
  /** What its face was given, picture by picture. */
  seen: { replayed: boolean; turnId: string; offsetMs: number; weights: Weights }[];
  view: DeveloperView;
  /** Where the bar of the jaw has been. */
  jaws: Set<string>;
  openView(): DeveloperView;
  performing(): Player | undefined;
  /** What is running in the page that the view could have left behind. */
  left(): { intervals: number; observers: number; subscriptions: number };
};

/** Counts what a page starts and stops. */
function count(): void {
  const intervals = new Set<number>();
  const start = window.setInterval.bind(window);
  const stop = window.clearInterval.bind(window);
  window.setInterval = ((run: TimerHandler, ms?: number) => {
    const id = start(run, ms);
    intervals.add(id);
    return id;
  }) as typeof window.setInterval;
  window.clearInterval = (id) => {
    intervals.delete(Number(id));
    stop(id);
  };
  let observers = 0;
  const { observe, disconnect } = ResizeObserver.prototype;
  ResizeObserver.prototype.observe = function (...given) {
    observers += 1;
    observe.apply(this, given);
  };
  ResizeObserver.prototype.disconnect = function () {
    observers -= 1;
    disconnect.apply(this);
  };
  let subscriptions = 0;
  window.addEventListener('load', () => {
    const { chat } = window;
    const on = chat.on.bind(chat);
    chat.on = (name, listener) => {
      subscriptions += 1;
      const end = on(name, listener);
      return () => {
        subscriptions -= 1;
        end();
      };
    };
  });
  window.left = () => ({ intervals: intervals.size, observers, subscriptions });
}

describe('the developer’s view in a browser', { skip: noChromium, timeout: 60_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let host: HostPage;
  let page: Page;
  let complaints: string[];
  let atFirst: ReturnType<typeof window.left>;
  let json: string;

  before(async () => {
    const agent = new ScriptedAgent({
      onText: (text, session) => {
        session.emit({ type: 'audio', turnId: text, pcm: spoken });
        session.emit({ type: 'text', turnId: text, text: 'One two three.' });
        session.emit({ type: 'turn_ended', turnId: text });
      },
    });
    running = await runApp({}, { agent });
    host = await serveDeveloperStudio(running.http);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    complaints = complaintsOf(page);
    await page.addInitScript(count);
    await page.goto(host.url);
    await page.waitForFunction(() => window.chat?.state.kind === 'online');
    atFirst = await page.evaluate(() => window.left());
    await page.evaluate(() => {
      window.view = window.openView();
    });
  });

  after(async () => {
    await browser.close();
    await host.close();
    await running.app.close();
  });

  const ask = (text: string) => page.evaluate((question) => void window.chat.sendText(question), text);
  const heardOut = () =>
    page.waitForFunction(
      () => window.chat.activity === 'listening' && !window.chat.player.speaking,
      null,
      SOON,
    );
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const figure = (name: string) => page.locator(`[data-figure=${name}] dd`);
  const drawing = () =>
    page.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

  it('moves the bars while the avatar speaks, and they come to rest', async () => {
    const blank = await drawing();
    await page.evaluate(() => {
      const bar = document.querySelector<HTMLElement>('[data-shape=jawOpen] i');
      const note = () => window.jaws.add(bar?.style.transform ?? '');
      window.jaws = new Set();
      if (bar !== null) new MutationObserver(note).observe(bar, { attributes: true });
    });
    await ask('first');
    await page.waitForFunction(() => window.chat.player.heard() !== undefined, null, SOON);
    await heardOut();
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLElement>('.weights i')].every(
        ({ style }) => !/[1-9]/.test(style.transform),
      ),
    );
    const jaws = await page.evaluate(() => [...window.jaws]);
    assert.ok(jaws.length >= 3, `the jaw was at ${jaws}`);
    assert.notEqual(await drawing(), blank, 'the timeline shows what was heard');
  });

  it('shows numbers that can be true, for the last turn and in the table', async () => {
    await page.waitForFunction(() => /heard/.test(document.querySelector('.wide tbody')?.textContent ?? ''));
    const firstFrame = Number.parseInt(await figure('firstFrame').innerText(), 10);
    const firstSound = Number.parseInt(await figure('firstSound').innerText(), 10);
    assert.ok(firstFrame > 0 && firstFrame < 10_000, `${firstFrame} ms`);
    assert.ok(firstSound > firstFrame && firstSound < firstFrame + 10_000, `${firstSound} ms`);
    assert.match(await figure('roundTrip').innerText(), /^\d+ ms$/);
    assert.match(await figure('pictures').innerText(), /^\d+ \/s$/);
    assert.match(await figure('missing').innerText(), /^0 · 0 · \d+$/);
    assert.equal(await figure('faults').innerText(), 'none');
    const cells = await page.locator('.wide tbody td').allInnerTexts();
    assert.ok(Math.abs(Number(cells[6]) - 1500) < 34, `${cells[6]} ms heard`);
  });

  it('reads the timeline out to the keyboard', async () => {
    const plot = page.getByRole('slider', { name: 'Sound and mouth' });
    await plot.focus();
    await page.keyboard.press('Home');
    assert.match(
      (await plot.getAttribute('aria-valuetext')) ?? '',
      /^−1\.5\d s · turn 0\.00 s.*start, aperture 0\.\d\d/,
    );
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight');
    assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /turn 0\.10 s/);
  });

  it('lists messages of both directions, frames on one line, and shows one whole', async () => {
    const types = await page
      .locator('ol li')
      .evaluateAll((items) => items.map((item) => `${item.className} ${item.getAttribute('data-type')}`));
    for (const line of [
      'sent text',
      'received audio_start',
      'received transcript_delta',
      'sent playback',
      'received audio_end',
    ])
      assert.ok(types.includes(line), line);
    assert.equal(types.filter((line) => line === 'received sync_frame').length, 1);
    assert.match(await page.locator('[data-type=sync_frame] .count').innerText(), /^× 4\d · \d\.\d s$/);
    await page.locator('[data-type=sync_frame] summary').click();
    assert.match(await page.locator('[data-type=sync_frame] pre').innerText(), /"audio": ".{48}… \(\+\d+\)"/);
    await page.getByLabel('Show').selectOption('type text');
    assert.equal(await page.locator('ol li').count(), 1);
    await page.getByLabel('Show').selectOption('all');
  });

  it('records a turn, and gives its sound to the sample', async () => {
    await button('Record').click();
    await ask('second');
    await page.waitForFunction(() => window.chat.player.speaking, null, SOON);
    await heardOut();
    await button('Stop recording').click();
    await page.getByText('1 turn, 1.5 s of sound').waitFor(SOON);
    const [wav] = await Promise.all([page.waitForEvent('download'), button('WAV').click()]);
    const { sampleRate, pcm } = decodeWav(await readFile(await wav.path()));
    assert.equal(sampleRate, RATE);
    assert.deepEqual(pcm.subarray(0, spoken.length), spoken);
    assert.ok(
      pcm.subarray(spoken.length).every((sample) => sample === 0),
      'the last frame is filled with silence',
    );
    const [everything] = await Promise.all([page.waitForEvent('download'), button('JSON').click()]);
    assert.match(everything.suggestedFilename(), /^avatar-chat-\d{14}\.json$/);
    json = await readFile(await everything.path(), 'utf8');
  });

  it('plays a recording through the same face: the same weights at the same places', async () => {
    const open = page.locator('input[type=file]');
    await open.setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(json) });
    await button('Play').click();
    await page.waitForFunction(() => window.performing() !== undefined);
    await page.waitForFunction(() => window.performing() === undefined, null, SOON);
    const seen = (await page.evaluate(() => window.seen)).filter(({ replayed }) => replayed);
    const { weightNames, turns } = JSON.parse(json) as {
      weightNames: string[];
      turns: { turnId: string; frames: { weights: number[]; offsetMs: number }[] }[];
    };
    const frames = turns[0]?.frames ?? [];
    const faces = frames.map(({ weights }) =>
      Object.fromEntries(weightNames.map((name, at) => [name, weights[at] ?? 0])),
    );
    assert.ok(seen.length >= 3, `${seen.length} pictures`);
    for (const { offsetMs, weights } of seen) {
      const at = frames.findLastIndex((frame) => frame.offsetMs <= offsetMs + 0.01);
      const from = faces[at] ?? {};
      // Between a frame's and the next one's; where the sound ran dry the next one was not there yet.
      const to = faces[at + 1] ?? from;
      for (const [name, amount] of Object.entries(weights)) {
        const [least, most] = [from[name] ?? 0, to[name] ?? 0].toSorted((a, b) => a - b);
        const fits = amount > (least ?? 0) - 0.002 && amount < (most ?? 0) + 0.002;
        assert.ok(fits, `${name} ${amount} at ${offsetMs} ms, between ${least} and ${most}`);
      }
    }
  });

  it('stops a replay when it is told to, and when an answer begins', async () => {
    // Looked at and done in one go: the recording is short.
    await button('Play').click();
    await page.waitForFunction(
      () => {
        if (window.performing()?.heard() === undefined) return false;
        document.querySelector<HTMLElement>('[data-kind=stop]')?.click();
        return true;
      },
      null,
      SOON,
    );
    assert.equal(await page.evaluate(() => window.performing() === undefined), true);
    await button('Play').click();
    await page.waitForFunction(
      () => window.performing()?.heard() !== undefined && window.chat.sendText('third'),
      null,
      SOON,
    );
    await page.getByText('Stopped: an answer begins.').waitFor(SOON);
    assert.equal(await page.evaluate(() => window.performing() === undefined), true);
    await page.evaluate(() => void window.chat.interrupt());
    await heardOut();
  });

  it('says in words what is wrong with a file', async () => {
    const open = page.locator('input[type=file]');
    const give = (content: string) =>
      open.setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    await give(json.slice(0, -500));
    await page.getByText('This file is no JSON.').waitFor(SOON);
    await give('{"format":"avatar-chat-recording","version":1,"meta":{},"messages":[{}],"events":[]}');
    await page.getByText('This recording is damaged.').waitFor(SOON);
  });

  it('leaves nothing behind, and speaks German to a German page', async () => {
    const during = await page.evaluate(() => window.left());
    assert.ok(during.intervals > atFirst.intervals && during.subscriptions > atFirst.subscriptions);
    await page.evaluate(() => window.view.dispose());
    assert.deepEqual(await page.evaluate(() => window.left()), atFirst);
    assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
    assert.equal(await page.locator('.developer-view').count(), 0);
    await page.evaluate(() => {
      document.documentElement.lang = 'de';
      window.view = window.openView();
    });
    await button('Aufnehmen').waitFor(SOON);
    await page.evaluate(() => window.view.dispose());
    assert.deepEqual(complaints, []);
  });
});
