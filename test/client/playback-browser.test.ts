import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { AvatarChat } from '../../client/src/index.ts';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { complaintsOf, launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { type HostPage, serveHostPage } from '../support/host-page.ts';

const RATE = 24_000;

/** What the page under test has in its window. */
interface Recording {
  /** Blocks of sound with the time of their first sample on the audio clock. */
  readonly blocks: { readonly at: number; readonly samples: number[] }[];
}
declare const window: Window & { chat: AvatarChat; context: AudioContext; recording: Recording };

/** A page that uses the library with an audio context of its own, and records all that comes out of it. */
const PAGE = (server: string, rate: number) => `<!doctype html><title>host</title><script type="module">
import { AvatarChat } from '${server}/client/src/index.js';
const source = \`registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]?.some((sample) => sample !== 0)) this.port.postMessage({ at: currentFrame, samples: input[0] });
    return true;
  }
});\`;
const context = new AudioContext({ sampleRate: ${rate} });
await context.audioWorklet.addModule(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 1 });
const recording = { blocks: [] };
recorder.port.onmessage = ({ data }) => recording.blocks.push({ at: data.at, samples: [...data.samples] });
recorder.connect(context.destination);
const chat = new AvatarChat({ server: '${server}', output: { context, destination: recorder } });
Object.assign(window, { chat, context, recording });
chat.connect();
</script>`;

describe('playback in a browser', { skip: noChromium, timeout: 60_000 }, () => {
  let running: RunningApp;
  let browser: Browser;
  let host: HostPage | undefined;
  let page: Page;
  let complaints: string[];
  /** What the agent says: noise, so that every sample is known from the others. */
  const spoken = Int16Array.from({ length: 2 * RATE }, (_, at) => ((at * 7919) % 20_011) - 10_005 || 1);

  before(async () => {
    const agent = new ScriptedAgent({
      onText: (text, session) => {
        session.emit({ type: 'audio', turnId: text, pcm: spoken });
        if (text === 'long')
          for (let count = 0; count < 5; count += 1) {
            session.emit({ type: 'audio', turnId: text, pcm: spoken });
          }
        session.emit({ type: 'turn_ended', turnId: text });
      },
    });
    running = await runApp({}, { agent });
    browser = await launchChromium();
  });

  after(async () => {
    await browser.close();
    await host?.close();
    await running.app.close();
  });

  async function open(rate = RATE): Promise<void> {
    await host?.close();
    host = await serveHostPage(PAGE(running.http, rate));
    page = await browser.newPage();
    complaints = complaintsOf(page);
    await page.goto(host.url);
    await page.waitForFunction(() => window.chat?.state.kind === 'online');
  }

  async function close(): Promise<void> {
    assert.deepEqual(complaints, []);
    await page.close();
  }

  /** All that came out, as one stretch of sound, and when it began (samples on the audio clock). */
  async function recorded(): Promise<{ readonly at: number; readonly samples: number[] }> {
    const blocks = await page.evaluate(() => window.recording.blocks);
    const at = blocks[0]?.at ?? 0;
    const samples: number[] = [];
    for (const block of blocks) {
      while (samples.length < block.at - at) samples.push(0);
      samples.push(...block.samples);
    }
    return { at, samples };
  }

  it('puts out every sample once, in order, without a seam; what is heard is known to the sample', async (t) => {
    await open();
    const looks = await page.evaluate(
      () =>
        new Promise<{ clock: number; offsetMs: number }[]>((resolve) => {
          const { chat, context } = window;
          const seen: { clock: number; offsetMs: number }[] = [];
          const look = () => {
            const latency = context.outputLatency || context.baseLatency || 0;
            const clock = context.currentTime - latency;
            const heard = chat.player.heard();
            if (heard !== undefined) seen.push({ clock, offsetMs: heard.offsetMs });
            requestAnimationFrame(look);
          };
          look();
          chat.on('turnEnd', () => resolve(seen));
          chat.sendText('short');
        }),
    );
    await page.waitForTimeout(150); // the last blocks are on their way from the audio thread
    const { at, samples } = await recorded();
    const first = samples.findIndex((sample) => sample !== 0);
    const wrong = spoken.findIndex((sample, index) => samples[first + index] !== sample / 32_768);
    assert.equal(wrong, -1, `sample ${wrong} of ${spoken.length}`);
    const startS = (at + first) / RATE;
    const errorsMs = looks
      .map(({ clock, offsetMs }) => Math.abs(1000 * (clock - startS) - offsetMs))
      .sort((a, b) => a - b);
    assert.ok(looks.length > 30, `${looks.length} pictures`);
    // The latency a browser reports moves; the position never goes back with it.
    const median = errorsMs[errorsMs.length >> 1] ?? Number.NaN;
    t.diagnostic(
      `${spoken.length} samples exact; the position is off by ${median.toFixed(2)} ms (median), ${errorsMs.at(-1)?.toFixed(2)} ms (most)`,
    );
    assert.ok(median < 1000 / 30, `off by ${median} ms`);
    const offsets = looks.map(({ offsetMs }) => offsetMs);
    assert.deepEqual(
      offsets,
      [...offsets].sort((a, b) => a - b),
      'the position went back',
    );
    assert.equal(await page.evaluate(() => window.chat.player.underruns), 0);
    await close();
  });

  it('falls silent within 100 ms of an interrupt', async (t) => {
    await open();
    await page.evaluate(() => window.chat.sendText('long'));
    await page.waitForFunction(() => (window.chat.player.heard()?.offsetMs ?? 0) > 500);
    const cutAtS = await page.evaluate(() => {
      window.chat.interrupt();
      return window.context.currentTime;
    });
    await page.waitForTimeout(500);
    const { at, samples } = await recorded();
    const last = samples.findLastIndex((sample) => sample !== 0);
    const silentAfterMs = 1000 * ((at + last) / RATE - cutAtS);
    t.diagnostic(`silent ${silentAfterMs.toFixed(1)} ms after the interrupt`);
    assert.ok(silentAfterMs < 100, `${silentAfterMs} ms`);
    assert.equal(await page.evaluate(() => window.chat.activity), 'listening');
    await close();
  });

  it('resamples to a context of another rate in one stream, not frame by frame', async () => {
    await open(48_000);
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          window.chat.on('turnEnd', () => resolve());
          window.chat.sendText('short');
        }),
    );
    await page.waitForTimeout(150);
    const { samples } = await recorded();
    const first = samples.findIndex((sample) => sample !== 0);
    const last = samples.findLastIndex((sample) => sample !== 0);
    assert.ok(Math.abs(last - first - 2 * spoken.length) < 200, `${last - first} samples`);
    await close();
  });
});
