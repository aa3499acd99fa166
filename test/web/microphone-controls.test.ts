import '../support/page-modules.ts';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ChatEvents } from '../../client/src/chat-events.ts';
import type { AvatarChat } from '../../client/src/index.ts';
import { Microphone } from '../../client/src/microphone/microphone.ts';
import { eventually } from '../support/eventually.ts';
import { FakeMicrophone, refusal } from '../support/fake-microphone.ts';
import { type FakeElement, makePage } from './fake-elements.ts';

const { MicrophoneControls } = await import('../../web/microphone/microphone-controls.ts');
const { ENGLISH } = await import('../../web/words/english.ts');

describe('the page’s microphone buttons', () => {
  let browser: FakeMicrophone;
  let microphone: Microphone;
  let buttons: Readonly<Record<'microphone' | 'talk' | 'talk-label', FakeElement>>;
  /** What the server is told. */
  let told: string[];
  let tell: (state: ChatEvents['state']) => void;

  beforeEach(() => {
    browser = new FakeMicrophone().install();
    buttons = makePage({
      ...{ microphone: 'HTMLButtonElement', talk: 'HTMLButtonElement', 'talk-label': 'HTMLElement' },
    } as const);
    told = [];
    const listeners = new Map<string, (event: never) => void>();
    microphone = new Microphone(
      {},
      {
        sampleRate: () => 24_000,
        onStart: () => told.push('start'),
        onSound: () => undefined,
        onEnd: () => told.push('end'),
        onLevel: () => undefined,
        onState: (state) => listeners.get('microphone')?.(state as never),
      },
    );
    tell = (state) => listeners.get('state')?.(state as never);
    const chat = {
      microphone,
      connect: () => undefined,
      on: (name: string, listener: (event: never) => void) => listeners.set(name, listener),
    };
    new MicrophoneControls(chat as unknown as AvatarChat, ENGLISH, () => undefined);
  });
  afterEach(() => {
    tell({ kind: 'closed', reason: 'ours' });
    browser.remove();
  });

  const isPressed = (name: 'microphone' | 'talk') => buttons[name].getAttribute('aria-pressed') === 'true';
  const isSending = () => microphone.state.kind === 'open' && microphone.state.sending;
  const hold = () => buttons.talk.happen('pointerdown', { button: 0, pointerId: 1 });
  const letGo = () => buttons.talk.happen('pointerup');
  async function fail(act: () => unknown): Promise<void> {
    browser.onAsk = () => Promise.reject(refusal('NotAllowedError'));
    act();
    await eventually('failed', () => microphone.state.kind === 'failed');
    browser.onAsk = () => undefined;
  }

  it('show what the microphone does, also where it failed before', async () => {
    await fail(() => buttons.microphone.happen('click'));
    assert.equal(isPressed('microphone'), false);
    buttons.microphone.happen('click');
    assert.equal(isPressed('microphone'), true);
    await eventually('it is heard', isSending);
    assert.equal(isPressed('microphone'), true);
    assert.equal(buttons.microphone.title, ENGLISH.microphoneOff);
    buttons.microphone.happen('click');
    assert.deepEqual(microphone.state, { kind: 'off' });
    assert.equal(isPressed('microphone'), false);
    assert.deepEqual(told, ['start', 'end']);
  });

  it('let somebody talk while the button is held, also where it failed before', async () => {
    await fail(hold);
    assert.equal(isPressed('talk'), false);
    letGo();
    hold();
    await eventually('it is heard', isSending);
    assert.equal(isPressed('talk'), true);
    letGo();
    await eventually('that is complete', () => told.at(-1) === 'end');
    assert.equal(isPressed('talk'), false);
  });

  it('are up when the device vanishes, and when nobody listens any more', async () => {
    buttons.microphone.happen('click');
    await eventually('it is heard', isSending);
    browser.tracks[0]?.unplug();
    assert.equal(isPressed('microphone'), false);
    buttons.microphone.happen('click');
    await eventually('it is heard', isSending);
    tell({ kind: 'refused', code: 'token_invalid', message: '' });
    assert.equal(isPressed('microphone'), false);
    assert.equal(browser.tracks.at(-1)?.readyState, 'ended');
  });
});
