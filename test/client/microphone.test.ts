import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { Microphone, type MicrophoneOptions } from '../../client/src/microphone/microphone.ts';
import { FakeMicrophone, refusal } from '../support/fake-microphone.ts';

const SOUND = new Float32Array(4800).fill(0.1);

describe('the microphone', () => {
  let browser: FakeMicrophone;
  let microphone: Microphone;
  /** What the server is told, and the states, in order; a chunk of sound is `sound`. */
  let told: string[];

  function make(options: MicrophoneOptions = {}): void {
    told = [];
    microphone = new Microphone(options, {
      sampleRate: () => 24_000,
      onStart: () => told.push('start'),
      onSound: () => told.push('sound'),
      onEnd: () => told.push('end'),
      onLevel: () => undefined,
      onState: (state) => told.push(state.kind === 'open' ? `open ${state.sending}` : state.kind),
    });
  }

  beforeEach(() => {
    browser = new FakeMicrophone().install();
    make();
  });
  afterEach(() => {
    microphone.close();
    browser.remove();
  });

  /** All that can happen without waiting has happened. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await tick();
  }
  const track = () => browser.tracks.at(-1);
  const error = () => microphone.state.kind === 'failed' && microphone.state.error.code;

  describe('as push-to-talk', () => {
    /** The answers to flushes that the audio thread still owes. */
    let owed: (() => void)[];
    beforeEach(async () => {
      owed = [];
      browser.onFlush = (answer) => owed.push(answer);
      await microphone.arm();
      microphone.press();
    });

    it('goes on where it is pressed again before the last of what was said has come', async () => {
      const released = microphone.release();
      microphone.press();
      owed.shift()?.();
      await released;
      assert.deepEqual(microphone.state, { kind: 'open', sending: true });
      browser.say(SOUND);
      assert.deepEqual(told.slice(2), ['start', 'open true', 'sound']);
    });

    it('ends once however often it is released', async () => {
      const released = [microphone.release(), microphone.release()];
      for (const answer of owed) answer();
      await Promise.all(released);
      assert.equal(told.filter((each) => each === 'end').length, 1);
      assert.deepEqual(microphone.state, { kind: 'open', sending: false });
    });

    it('sends all until the last release, though an earlier one was taken back', async () => {
      void microphone.release();
      microphone.press();
      const released = microphone.release();
      owed.shift()?.(); // the first one's answer
      await settled();
      assert.ok(!told.includes('end'));
      browser.say(SOUND);
      owed.shift()?.();
      await released;
      assert.deepEqual(told.slice(4), ['sound', 'sound', 'end', 'open false']);
    });
  });

  it('does not begin to send on its own in a tab that is seen again, if it was released meanwhile', async () => {
    make({ pausesWhenHidden: true });
    await microphone.open();
    await microphone.seen(false);
    await microphone.release();
    await microphone.seen(true);
    assert.deepEqual(microphone.state, { kind: 'open', sending: false });

    microphone.press();
    const released = microphone.release();
    await microphone.seen(false); // before the last of what was said has come
    await released;
    await microphone.seen(true);
    assert.deepEqual(microphone.state, { kind: 'open', sending: false });
  });

  describe('lets the device go', () => {
    it('where sound cannot be made', async () => {
      browser.onContext = () => {
        throw refusal('NotSupportedError');
      };
      await microphone.open();
      assert.equal(error(), 'unknown');
      assert.equal(track()?.readyState, 'ended');
    });

    for (const step of ['onWorklet', 'onResume'] as const) {
      it(`where it is closed while the browser hangs (${step})`, async () => {
        browser[step] = () => new Promise(() => undefined);
        const opened = microphone.open();
        await settled();
        assert.equal(track()?.readyState, 'live');
        microphone.close();
        assert.equal(track()?.readyState, 'ended');
        assert.equal(browser.contexts[0]?.state, 'closed');
        await opened;
        assert.deepEqual(told, ['opening', 'off']);
      });
    }

    it('where it is closed before the user has allowed it', async () => {
      const allowed = Promise.withResolvers<void>();
      browser.onAsk = () => allowed.promise;
      const opened = microphone.open();
      microphone.close();
      allowed.resolve();
      await opened;
      assert.equal(track()?.readyState, 'ended');
      assert.equal(browser.contexts.length, 0);
    });
  });

  it('says that the device has vanished, also while it is still being opened', async () => {
    browser.onWorklet = () => track()?.unplug();
    await microphone.open();
    assert.equal(error(), 'lost');
    assert.deepEqual(told, ['opening', 'failed']);

    make();
    browser.onWorklet = () => track()?.stop(); // some browsers say nothing then
    await microphone.open();
    assert.equal(error(), 'lost');
    assert.equal(browser.contexts.at(-1)?.state, 'closed');
  });

  it('takes no notice of a device that it has let go', async () => {
    await microphone.open();
    microphone.close();
    track()?.unplug();
    assert.deepEqual(microphone.state, { kind: 'off' });
  });

  it('lets a use that was given up not switch on the next one', async () => {
    const allowed = Promise.withResolvers<void>();
    browser.onAsk = () => allowed.promise;
    const givenUp = microphone.open();
    microphone.close();
    browser.onAsk = () => undefined;
    await microphone.arm();
    allowed.resolve();
    await givenUp;
    assert.deepEqual(microphone.state, { kind: 'open', sending: false });
  });

  describe('whose sound the system takes away (a telephone call)', () => {
    const page = { window: new EventTarget(), document: new EventTarget() };
    beforeEach(async () => {
      Object.assign(page.document, { visibilityState: 'visible' });
      Object.assign(globalThis, page);
      await microphone.open();
      const [context] = browser.contexts;
      assert.ok(context !== undefined);
      context.resumed = 0;
      browser.onResume = () => Promise.reject(refusal('InvalidStateError'));
    });
    afterEach(() => {
      for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name);
    });
    const resumed = () => browser.contexts[0]?.resumed;

    it('asks for it at once, and whenever the page is seen or touched, until it is back', () => {
      const [context] = browser.contexts;
      context?.become('interrupted');
      assert.equal(resumed(), 1);
      page.document.dispatchEvent(new Event('visibilitychange'));
      assert.equal(resumed(), 2);
      page.window.dispatchEvent(new Event('pointerdown'));
      assert.equal(resumed(), 3);
      context?.become('running');
      page.window.dispatchEvent(new Event('pointerdown'));
      assert.equal(resumed(), 3);
    });

    it('asks for nothing any more once it is closed', () => {
      const [context] = browser.contexts;
      microphone.close();
      context?.become('suspended');
      page.window.dispatchEvent(new Event('pointerdown'));
      assert.equal(resumed(), 0);
    });
  });
});
