import { FACE_STYLE } from './face-factory.js';
import { buildPanel, type Panel } from './panel.js';
import { PANEL_STYLE } from './panel-style.js';
import { Talk, type TalkOptions } from './talk.js';
import { panelWords } from './words.js';

/** The element's name in a page. */
export const ELEMENT_NAME = 'avatar-chat';

const POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'inline'];
const WIDTHS: Readonly<Record<string, string>> = { small: '280px', medium: '340px', large: '440px' };

/** The server this script came from, whether it lies in `embed/` or was bundled into one of `chunks/`. */
const OWN_SERVER = new URL('..', import.meta.url).href;

/** Makes `<avatar-chat>` known to the page; once is enough, more often is harmless. */
export function defineAvatarChat(): void {
  if (customElements.get(ELEMENT_NAME) === undefined) customElements.define(ELEMENT_NAME, AvatarChatElement);
}

/**
 * An avatar in any page. Attributes: `server`, `position` (bottom-right, bottom-left, top-right, top-left, inline),
 * `size` (small, medium, large, or a width in pixels), `theme` (auto, light, dark), `greeting`, `lang`, `auth` (always:
 * fetch a token before the first attempt), `token-url` (the page's own place for tokens). It connects when it is opened.
 * Taken off the page it lets go of everything.
 *
 * `avatar-open` tells that its conversation exists, `avatar-close` that it has ended; both bubble, out of shadow roots, too,
 * and bring the conversation as `detail.chat`.
 */
export class AvatarChatElement extends HTMLElement {
  static readonly observedAttributes = [
    ...['server', 'position', 'size', 'theme', 'greeting', 'lang', 'auth', 'token-url'],
  ];
  #panel: Panel | undefined;
  #talk: Talk | undefined;
  #ended = new AbortController();

  /** The conversation; undefined while the panel is closed. */
  get chat(): Talk['chat'] | undefined {
    return this.#talk?.chat;
  }

  connectedCallback(): void {
    this.#build();
  }

  disconnectedCallback(): void {
    this.#tearDown();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (this.#panel === undefined || before === now) return;
    if (name === 'position' || name === 'size' || name === 'theme') {
      this.#dress();
      return;
    }
    const wasOpen = this.#talk !== undefined;
    this.#tearDown();
    if (!this.isConnected) return; // who heard of the end took it off the page
    this.#build();
    if (wasOpen) this.#open('page');
  }

  /** Opens the panel and connects, for a visitor who wants to talk: the keyboard is the panel's. */
  open(): void {
    this.#open('visitor');
  }

  #open(wantedBy: 'visitor' | 'page'): void {
    const panel = this.#panel;
    if (panel === undefined || this.#talk !== undefined) return;
    panel.panel.hidden = false;
    panel.bubble.hidden = true;
    panel.bubble.setAttribute('aria-expanded', 'true');
    this.#talk = new Talk(panel, {
      server: this.getAttribute('server') ?? OWN_SERVER,
      auth: this.#auth,
      // A file of the server instead of a blob: pages with a strict policy allow the server anyway.
      microphone: { workletUrl: new URL('../client/src/microphone/capture-worklet.js', import.meta.url) },
      greeting: this.getAttribute('greeting') ?? '',
      words: panelWords(this.#lang),
      light: this.#light,
    });
    if (wantedBy === 'visitor') panel.input.focus();
    this.#tell('avatar-open', this.#talk);
  }

  /** Closes the panel and ends the conversation; does nothing to one that is `inline`, which is always open. */
  close(): void {
    const panel = this.#panel;
    const talk = this.#talk;
    if (panel === undefined || talk === undefined || this.#position === 'inline') return;
    talk.end();
    this.#talk = undefined;
    panel.log.replaceChildren();
    panel.panel.hidden = true;
    panel.bubble.hidden = false;
    panel.bubble.setAttribute('aria-expanded', 'false');
    panel.bubble.focus();
    this.#tell('avatar-close', talk);
  }

  get #auth(): NonNullable<TalkOptions['auth']> {
    const tokenUrl = this.getAttribute('token-url');
    if (tokenUrl !== null) return () => fetchToken(tokenUrl);
    return this.getAttribute('auth') === 'always' ? 'always' : 'auto';
  }

  get #lang(): string {
    return this.getAttribute('lang') ?? document.documentElement.lang;
  }

  get #position(): string {
    const asked = this.getAttribute('position') ?? '';
    return POSITIONS.includes(asked) ? asked : 'bottom-right';
  }

  get #light(): 'light' | 'dark' {
    const theme = this.getAttribute('theme') ?? 'auto';
    if (theme === 'light' || theme === 'dark') return theme;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }

  #build(): void {
    const { signal } = this.#ended;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [FACE_STYLE, PANEL_STYLE].map((text) => {
      const style = new CSSStyleSheet(); // a strict page allows neither `<style>` nor `<link>`
      style.replaceSync(text);
      return style;
    });
    const panel = buildPanel(panelWords(this.#lang));
    this.#panel = panel;
    root.replaceChildren(panel.bubble, panel.panel);
    panel.bubble.addEventListener('click', () => this.open(), { signal });
    panel.closeButton.addEventListener('click', () => this.close(), { signal });
    panel.panel.addEventListener(
      'keydown',
      ({ key }) => {
        if (key === 'Escape' && this.chat?.interrupt() === undefined) this.close();
      },
      { signal },
    );
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#dress(), { signal });
    this.#dress();
    if (this.#position === 'inline') this.#open('page');
  }

  #dress(): void {
    this.dataset['theme'] = this.#light;
    this.#talk?.setLight(this.#light);
    this.dataset['position'] = this.#position;
    const size = this.getAttribute('size') ?? 'medium';
    const pixels = /^\d{1,5}(?=(px)?$)/.exec(size)?.[0];
    const width = pixels === undefined ? WIDTHS[size] : `${pixels}px`;
    this.style.setProperty('--width', width ?? WIDTHS['medium'] ?? '');
    const panel = this.#panel;
    if (panel === undefined) return;
    panel.closeButton.hidden = this.#position === 'inline';
    if (this.#position === 'inline') this.#open('page');
  }

  #tearDown(): void {
    this.#ended.abort();
    this.#ended = new AbortController();
    const talk = this.#talk;
    talk?.end();
    this.#talk = undefined;
    this.#panel = undefined;
    this.shadowRoot?.replaceChildren();
    if (talk !== undefined) this.#tell('avatar-close', talk);
  }

  /** Always the last thing that is done: whoever hears of it may open, close or remove the element. */
  #tell(name: 'avatar-open' | 'avatar-close', { chat }: Talk): void {
    this.dispatchEvent(new CustomEvent(name, { detail: { chat }, bubbles: true, composed: true }));
  }
}

/** A token from the page's own backend, which knows who is logged in there: its cookies go along as the page's do. */
async function fetchToken(url: string): Promise<string> {
  const response = await fetch(url, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${url} gave no token: ${response.status}`);
  return (await response.text()).trim();
}
