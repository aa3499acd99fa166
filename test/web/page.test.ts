import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { loadFlite, runFlite } from '../../src/agents/offline/speech/flite.ts';
import { type App, createApp } from '../../src/app.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { parseConfig } from '../../src/config/config.ts';
import { silentLogger } from '../../src/log.ts';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browserPath = [process.env['CHROMIUM_PATH'] ?? '', ...BROWSERS].find((path) => existsSync(path));
const skip = browserPath === undefined && 'no Chromium found; CHROMIUM_PATH says where it is';

/** Patience for what happens within a second or two on a busy machine. */
const SOON = { timeout: 8000 };

describe('the page', { skip, timeout: 60_000 }, () => {
  let app: App;
  let browser: Browser;
  let page: Page;
  let url: string;
  let folder: string;
  /** Everything the browser complained about. */
  let complaints: string[];
  /** The whole of each answer, as the server sent it. */
  let answers: string[];
  /** What the page sent, as JSON. */
  let sent: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-test-'));
    const speech = await runFlite(await loadFlite(), 'rms', 'The quick brown fox jumps over the lazy dog.');
    const wav = join(folder, 'speech.wav');
    await writeFile(wav, encodeWav(speech));
    browser = await chromium.launch({
      ...(browserPath === undefined ? {} : { executablePath: browserPath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-3d-apis', // the flat face: its mouth can be read (face.test.ts looks at the head)
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${wav}%noloop`,
      ],
    });
    const port = await startServer(0);
    url = `http://127.0.0.1:${port}/`;
  });

  after(async () => {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true });
  });

  it('speaks the answer, moves the mouth with it, and shows each word when it is heard', async () => {
    await openPage();
    await say('Hello');
    await state('speaking');
    const mouths = new Set<string>();
    const lengths = new Set<number>();
    for (let look = 0; look < 20; look += 1) {
      mouths.add((await page.locator('#mouth-opening').getAttribute('d')) ?? '');
      lengths.add((await spoken()).length);
      await page.waitForTimeout(60);
    }
    assert.ok(mouths.size >= 10, `the mouth had ${mouths.size} shapes`);
    assert.ok(lengths.size >= 3, `words came in ${lengths.size} steps`);
    const half = await spoken();

    await state('listening', { timeout: 15_000 });
    assert.deepEqual([await spoken()], answers);
    assert.ok(half.length < (await spoken()).length, 'all words were there before they were heard');
    assert.deepEqual(await page.locator('#conversation .user').allInnerTexts(), ['Hello']);
    assert.equal(await page.locator('#live').innerText(), 'Agent: sample_offline · Face: embedded');
    await closePage();
  });

  it('falls silent at once when stopped, and keeps only the words that were heard', async () => {
    await openPage();
    await say('What can you do?');
    await page.locator('#conversation .avatar span').nth(3).waitFor(SOON);
    await page.getByRole('button', { name: 'Stop speaking' }).click();
    await state('listening', { timeout: 500 });
    const words = await spoken();
    await page.waitForTimeout(700);
    assert.equal(await spoken(), words);
    assert.ok(words.length < 100, words);
    assert.equal(await page.locator('#conversation .avatar.cut').count(), 1);
    await closePage();
  });

  it('sends the microphone, so that the avatar says back what was said', async () => {
    await openPage();
    await page.getByRole('button', { name: 'Microphone' }).click();
    await page.locator('#microphone[aria-pressed=true]').waitFor(SOON);
    await state('speaking', { timeout: 12_000 });
    await page.locator('#conversation .avatar span').nth(2).waitFor(SOON);
    assert.match(await spoken(), /^\(your own voice/);
    assert.deepEqual(JSON.parse(sent[0] ?? ''), { type: 'audio_stream_start', sampleRate: 24_000 });
    const chunk = JSON.parse(sent[1] ?? '') as { type: string; data: string };
    assert.equal(chunk.type, 'audio');
    assert.equal(Buffer.from(chunk.data, 'base64').length, 2 * 2400, 'a tenth of a second');
    await page.getByRole('button', { name: 'Microphone' }).click();
    await page.locator('#microphone[aria-pressed=false]').waitFor(SOON);
    // What is heard is reported all the while, also after the microphone was closed.
    const own = sent
      .map((text) => JSON.parse(text) as { type: string })
      .filter(({ type }) => type !== 'playback');
    assert.deepEqual(own.at(-1), { type: 'audio_stream_end' });
    await closePage();
  });

  it('says in plain words that the microphone is denied', async () => {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      const denied = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
      Object.defineProperty(globalThis.navigator, 'mediaDevices', { value: { getUserMedia: denied } });
    });
    await openPage(await context.newPage());
    await page.getByRole('button', { name: 'Microphone' }).click();
    await page.getByText('The microphone is not allowed').waitFor(SOON);
    assert.equal(await page.locator('#microphone').getAttribute('aria-pressed'), 'false');
    await closePage();
    await context.close();
  });

  it('finds the server again after a restart', async () => {
    await openPage();
    await app.close();
    await state('offline');
    await startServer(Number(new URL(url).port));
    await state('listening');
    await say('Hello');
    await state('speaking');
    complaints = complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')); // the server was away
    await closePage();
  });

  it('gets itself a token where the server asks for one', async () => {
    await app.close();
    const { port, origin } = new URL(url);
    await startServer(Number(port), { AUTH_ENABLED: 'true', AUTH_ALLOWED_ORIGINS: origin });
    await openPage();
    await say('Hello');
    await state('speaking');
    await closePage();
  });

  async function startServer(port: number, more: Readonly<Record<string, string>> = {}): Promise<number> {
    app = await createApp(
      parseConfig({ SERVER_PORT: String(port), SERVER_HOST: '127.0.0.1', ...more }),
      silentLogger(),
    );
    return (await app.listen()).port;
  }

  async function openPage(fresh?: Page): Promise<void> {
    page = fresh ?? (await browser.newPage());
    complaints = [];
    answers = [];
    sent = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    // A violation of the content security policy is such a message, too.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => note(String(payload)));
      socket.on('framesent', ({ payload }) => sent.push(String(payload)));
    });
    await page.goto(url);
    await state('listening');
  }

  function note(payload: string): void {
    const message = JSON.parse(payload) as { type: string; role?: string; text: string };
    if (message.type === 'transcript_done' && message.role === 'assistant') answers.push(message.text);
  }

  async function closePage(): Promise<void> {
    assert.deepEqual(complaints, []);
    await page.close();
  }

  async function say(text: string): Promise<void> {
    await page.getByLabel('Message').fill(text);
    await page.keyboard.press('Enter');
  }

  async function state(name: string, patience = SOON): Promise<void> {
    await page.locator(`body[data-state=${name}]`).waitFor(patience);
  }

  /** The avatar's words so far. */
  async function spoken(): Promise<string> {
    return (await page.locator('#conversation .avatar').allTextContents()).join('\n');
  }
});
