import { html } from '../html.js';
import { icon } from './icon.js';
import type { PanelWords } from './words.js';

/** The parts of the panel that are moved and filled. */
export interface Panel {
  readonly bubble: HTMLButtonElement;
  readonly panel: HTMLElement;
  readonly closeButton: HTMLButtonElement;
  readonly state: HTMLElement;
  readonly stage: HTMLElement;
  /** The utterances, and what they scroll in. */
  readonly log: HTMLElement;
  readonly scroll: HTMLElement;
  readonly trouble: HTMLElement;
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly sendButton: HTMLButtonElement;
  readonly stopButton: HTMLButtonElement;
  readonly microphoneButton: HTMLButtonElement;
}

const SPEECH_BUBBLE = 'M4 5h16v11H9l-5 4z';
const CROSS = 'M6 6l12 12M18 6L6 18';
const ARROW = 'M4 12l16-8-6 16-3-6z';
const SQUARE = 'M7 7h10v10H7z';
const MICROPHONE = 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4';

/** Builds the panel, closed and empty. */
export function buildPanel(words: PanelWords): Panel {
  const button = (name: string, label: string, path: string, type = 'button') =>
    html('button', { class: name, type, 'aria-label': label, title: label }, icon(path));
  const state = html('span', { role: 'status' });
  const closeButton = button('close', words.close, CROSS);
  const stage = html('div', { class: 'stage', 'aria-hidden': 'true' });
  const log = html('ol');
  const scroll = html(
    'div',
    { class: 'scroll', role: 'log', 'aria-label': words.conversation, tabindex: 0 },
    log,
  );
  const trouble = html('p', { class: 'trouble', role: 'alert', hidden: '' });
  const input = html('input', {
    ...{ type: 'text', maxlength: 4000, autocomplete: 'off', enterkeyhint: 'send' },
    ...{ 'aria-label': words.message, placeholder: words.message },
  });
  const microphoneButton = button('microphone', words.microphone, MICROPHONE);
  microphoneButton.setAttribute('aria-pressed', 'false');
  const stopButton = button('stop', words.stop, SQUARE);
  const sendButton = button('send', words.send, ARROW, 'submit');
  const form = html('form', {}, input, microphoneButton, stopButton, sendButton);
  const panel = html(
    'section',
    { class: 'panel', 'aria-label': words.open, hidden: '' },
    html('header', {}, state, closeButton),
    ...[stage, scroll, trouble, form],
  );
  // What is typed here is no shortcut of the page's.
  for (const type of ['keydown', 'keypress', 'keyup'])
    panel.addEventListener(type, (event) => event.stopPropagation());
  const bubble = button('bubble', words.open, SPEECH_BUBBLE);
  bubble.setAttribute('aria-expanded', 'false');
  return {
    ...{ bubble, panel, closeButton, state, stage, log, scroll, trouble, form, input },
    ...{ sendButton, stopButton, microphoneButton },
  };
}
