import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { AvatarChat } from '../../client/src/index.ts';
import { type AgentCall, ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { encodeWav } from '../../src/audio/wav.ts';
import { complaintsOf, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { type HostPage, serveHostPage } from '../support/host-page.ts';

declare const window: Window & { chat: AvatarChat; stream: MediaStream; levels: number[] };

const PAGE = (server: string) => `<!doctype html><title>host</title><script type="module">
import { AvatarChat } from '${server}/client/src/index.js';
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (asked) => (window.stream = await ask(asked));
const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const chat = new AvatarChat({ server: '${server}', microphone: { constraints: raw, pausesWhenHidden: true } });
const levels = [];
chat.on('level', ({ peak }) => levels.push(peak));
Object.assign(window, { chat, levels });
chat.connect();
</script>`;

describe('the microphone in a browser', { skip: noChromium, timeout: 90_000 }, () => {
  let agent: ScriptedAgent;
  let running: RunningApp;
  let browser: Browser;
  let host: HostPage;
  let page: Page;
  let folder: string;
  let complaints: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microphone-test-'));
    const pcm = Int16Array.from(
      { length: 48_000 * 20 },
      (_, at) => 12_000 * Math.sin((2 * Math.PI * 1000 * at) / 48_000),
    );
    await writeFile(join(folder, 'tone.wav'), encodeWav({ pcm, sampleRate: 48_000 }));
    browser = await launchChromium(join(folder, 'tone.wav'));
    agent = new ScriptedAgent();
    running = await runApp({}, { agent });
    host = await serveHostPage(PAGE(running.http));
  });

  after(async () => {
    await browser.close();
    await host.close();
    await running.app.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    page = await browser.newPage();
    complaints = complaintsOf(page);
    await page.goto(host.url);
    await page.waitForFunction(() => window.chat?.state.kind === 'online');
  });

  afterEach(async () => {
    assert.deepEqual(complaints, []);
    await page.close();
  });

  const calls = (): readonly AgentCall[] => agent.sessions.at(-1)?.calls ?? [];
  const pieces = () => calls().flatMap((call) => (call.method === 'sendAudio' ? [call.pcm] : []));
  const ends = () => calls().filter(({ method }) => method === 'endAudio').length;
  const state = () => page.evaluate(() => JSON.stringify(window.chat.microphone.state));

  it('sends a tone as that tone at the server’s rate, in chunks of 100 ms, and shows how loud it is', async () => {
    await page.evaluate(() => window.chat.microphone.open());
    await eventually('half a second was heard', () => pieces().length >= 6);
    const sound = Float32Array.from(
      pieces()
        .flatMap((pcm) => [...pcm])
        .slice(2400, 9600),
      (sample) => sample / 32_768,
    );
    const at = (hz: number) => {
      let [real, imaginary] = [0, 0];
      sound.forEach((sample, index) => {
        real += sample * Math.cos((2 * Math.PI * hz * index) / 24_000);
        imaginary += sample * Math.sin((2 * Math.PI * hz * index) / 24_000);
      });
      return (2 * Math.hypot(real, imaginary)) / sound.length;
    };
    assert.ok(at(1000) > 0.15, `${at(1000)} at 1 kHz`);
    assert.ok(at(1000) > 20 * Math.max(at(500), at(2000), at(7000)), 'it is a pure tone');
    const lengths = pieces()
      .slice(1, 6)
      .map(({ length }) => length);
    assert.ok(
      lengths.every((length) => Math.abs(length - 2400) <= 1),
      String(lengths),
    );
    assert.ok((await page.evaluate(() => Math.max(...window.levels))) > 0.1);
  });

  it('is push-to-talk: nothing before the button, and all until it is let go', async () => {
    await page.evaluate(() => window.chat.microphone.arm());
    await page.waitForFunction(() => window.levels.length > 2);
    assert.equal(pieces().length, 0);
    await page.evaluate(() => window.chat.microphone.press());
    await eventually('it is heard', () => pieces().length >= 2);
    await page.evaluate(() => window.chat.microphone.release());
    await eventually('it has ended', () => ends() === 1);
    assert.equal(await state(), JSON.stringify({ kind: 'open', sending: false }));
  });

  it('says that the device has vanished, and that what was said is complete', async () => {
    await page.evaluate(() => window.chat.microphone.open());
    await eventually('it is heard', () => pieces().length >= 1);
    await page.evaluate(() => {
      for (const track of window.stream.getTracks()) track.dispatchEvent(new Event('ended'));
    });
    await eventually('it has ended', () => ends() === 1);
    const failed = await page.evaluate(() => {
      const { state: now } = window.chat.microphone;
      return now.kind === 'failed' && now.error.code;
    });
    assert.equal(failed, 'lost');
    assert.equal(await page.evaluate(() => window.stream.getTracks()[0]?.readyState), 'ended');
  });

  it('keeps still while the tab is hidden, and goes on when it is seen again', async () => {
    await page.evaluate(() => window.chat.microphone.open());
    await eventually('it is heard', () => pieces().length >= 1);
    const turn = (visibility: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, visibility);
    await turn('hidden');
    await eventually('it has ended', () => ends() === 1);
    const before = pieces().length;
    await turn('visible');
    await eventually('it goes on', () => pieces().length > before + 1);
  });

  it('goes on by itself on a new connection', async () => {
    await page.evaluate(() => window.chat.microphone.open());
    await eventually('it is heard', () => pieces().length >= 1);
    const sessions = agent.sessions.length;
    const { port } = running;
    await running.app.close();
    complaints.length = 0; // the server is away
    running = await runApp({ SERVER_PORT: String(port) }, { agent });
    await eventually('it is heard again', () => agent.sessions.length > sessions && pieces().length >= 2);
    complaints.splice(
      0,
      complaints.length,
      ...complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')),
    );
  });
});
