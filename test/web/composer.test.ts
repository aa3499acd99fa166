import '../support/page-modules.ts';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ChatEvents } from '../../client/src/chat-events.ts';
import type { AvatarChat } from '../../client/src/index.ts';
import type { Composer } from '../../web/composer/composer.ts';
import { type FakeElement, makePage } from './fake-elements.ts';

const { Composer: PageComposer } = await import('../../web/composer/composer.ts');
const { ENGLISH } = await import('../../web/words/english.ts');

describe('the text box', () => {
  let page: Readonly<Record<'composer' | 'text' | 'send' | 'waits', FakeElement>>;
  let composer: Composer;
  let sent: string[];
  let isOnline: boolean;
  let onState: (state: ChatEvents['state']) => void;

  beforeEach(() => {
    page = makePage({
      ...{ composer: 'HTMLFormElement', text: 'HTMLTextAreaElement' },
      ...{ send: 'HTMLButtonElement', waits: 'HTMLElement' },
    } as const);
    [sent, isOnline] = [[], true];
    const chat = {
      on: (_: 'state', listener: typeof onState) => {
        onState = listener;
      },
      connect: () => undefined,
      sendText: (text: string) => isOnline && sent.push(text) > 0,
    };
    composer = new PageComposer(chat as unknown as AvatarChat, ENGLISH);
  });

  function type(text: string): void {
    page.text.value = text;
    page.text.happen('input');
  }
  const press = (key: object) => page.text.happen('keydown', { key: 'Enter', ...key });
  const waits = () => page.waits.textContent !== '';
  function comeBack(): void {
    isOnline = true;
    onState({ kind: 'online', inputSampleRate: 24_000, outputSampleRate: 24_000 });
  }

  it('sends with Enter, unless that is a new line or ends what an input method composes', () => {
    type('日本');
    assert.equal(press({ isComposing: true }), false);
    assert.equal(press({ keyCode: 229 }), false, 'Safari tells the end of a composition before its last key');
    assert.equal(press({ shiftKey: true }), false);
    assert.deepEqual(sent, []);
    assert.equal(press({ keyCode: 13 }), true);
    assert.deepEqual([sent, page.text.value, waits()], [['日本'], '', false]);
  });

  it('keeps what cannot be sent, says so, and sends it when the connection is back', () => {
    isOnline = false;
    type('Hello');
    press({});
    assert.deepEqual([page.text.value, waits()], ['Hello', true]);
    comeBack();
    assert.deepEqual([sent, page.text.value, waits()], [['Hello'], '', false]);
  });

  it('does not send by itself what is still being written', () => {
    isOnline = false;
    type('Hello');
    press({});
    type('Hello, do not tell anybody that I h');
    assert.equal(waits(), false);
    comeBack();
    assert.deepEqual(sent, []);
    assert.equal(page.text.value, 'Hello, do not tell anybody that I h');
  });

  it('says what is asked of it and keeps the draft that stood there', () => {
    type('a long draft');
    composer.say('What do you see?');
    assert.deepEqual(
      [sent, page.text.value, page.send.disabled],
      [['What do you see?'], 'a long draft', false],
    );
  });

  it('gives the draft back once what was asked of it could be sent', () => {
    isOnline = false;
    type('a long draft');
    composer.say('What do you see?');
    assert.deepEqual([page.text.value, waits()], ['What do you see?', true]);
    comeBack();
    assert.deepEqual([sent, page.text.value, waits()], [['What do you see?'], 'a long draft', false]);
    comeBack();
    assert.equal(sent.length, 1);
  });
});
