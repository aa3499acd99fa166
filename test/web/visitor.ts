import assert from 'node:assert/strict';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { complaintsOf } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';

/** Patience for what happens within a second or two, on a machine that has much else to do. */
export const SOON = { timeout: 30_000 };

/** Waits for that long until something has happened behind the page. */
export function soon(what: string, happened: () => boolean): Promise<void> {
  return eventually(what, happened, SOON.timeout);
}

/** What a page under test has in its window beside its own. */
interface Probe {
  /** The page's audio contexts, in the order they were made. */
  readonly contexts: AudioContext[];
  /** What cameras and microphones gave. */
  readonly streams: MediaStream[];
  /** Hears what goes to the loudspeaker. */
  analyser: AnalyserNode | undefined;
}
declare global {
  interface Window {
    readonly probe: Probe;
  }
}

/** Somebody in front of the page: does what a person would, and keeps what the browser complains about. */
export class Visitor {
  readonly page: Page;
  readonly complaints: string[];
  /** What the page has sent. */
  readonly sent: { readonly type: string; readonly [field: string]: unknown }[] = [];
  /** The whole of each answer, as the server sent it. */
  readonly answers: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    this.complaints = complaintsOf(page);
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => this.sent.push(JSON.parse(String(payload))));
      socket.on('framereceived', ({ payload }) => this.#note(String(payload)));
    });
  }

  /** Opens the page. */
  static async open(context: BrowserContext, url: string): Promise<Visitor> {
    const page = await context.newPage();
    const visitor = new Visitor(page);
    await page.addInitScript(addProbe);
    await page.goto(url);
    return visitor;
  }

  /** Leaves; fails if the browser has complained about anything. */
  async leave(): Promise<void> {
    assert.deepEqual(this.complaints, []);
    await this.page.close();
  }

  /** Forgets complaints like this: the browser's own, of a server that was away, say. */
  forgive(like: RegExp): void {
    const rest = this.complaints.filter((text) => !like.test(text));
    this.complaints.splice(0, this.complaints.length, ...rest);
  }

  /** Types something and sends it. */
  async say(text: string): Promise<void> {
    await this.page.locator('#text').fill(text);
    await this.page.locator('#text').press('Enter');
  }

  /** The button of this name. */
  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** What kinds of messages the page has sent; what it reports of playback goes on all the while, and is left out. */
  types(): string[] {
    return this.sent.map(({ type }) => type).filter((type) => type !== 'playback');
  }

  /** Waits until the page says that this is going on. */
  async state(name: string, patience = SOON): Promise<void> {
    await this.page.locator(`body[data-state=${name}]`).waitFor(patience);
  }

  /** Waits until the avatar has said so many words, in all. */
  async hears(words: number): Promise<void> {
    await this.page
      .locator('#conversation .avatar .word')
      .nth(words - 1)
      .waitFor(SOON);
  }

  /** The avatar's words so far, a line for each answer. */
  async spoken(): Promise<string> {
    const words = (bubbles: Element[]) =>
      bubbles.map((bubble) =>
        [...bubble.querySelectorAll('.word')].map(({ textContent }) => textContent).join(''),
      );
    return (await this.page.locator('#conversation .avatar').evaluateAll(words)).join('\n');
  }

  /** What the user has said, as bubbles. */
  async said(): Promise<string[]> {
    const text = (bubbles: Element[]) =>
      bubbles.map((bubble) =>
        [...bubble.querySelectorAll(':scope > span:not(.unseen)')]
          .map(({ textContent }) => textContent)
          .join(''),
      );
    return await this.page.locator('#conversation .user').evaluateAll(text);
  }

  #note(payload: string): void {
    if (!payload.includes('"transcript_done"')) return; // a hostile server may send anything
    const message = JSON.parse(payload) as { type: string; role?: string; text: string };
    if (message.type === 'transcript_done' && message.role === 'assistant') this.answers.push(message.text);
  }
}

/** Keeps the page's audio contexts and streams, and listens to its loudspeaker. Runs in the page, before its scripts. */
function addProbe(): void {
  const probe: Probe = { contexts: [], streams: [], analyser: undefined };
  Object.assign(window, { probe });
  const Context = window.AudioContext;
  window.AudioContext = class extends Context {
    constructor(options?: AudioContextOptions) {
      super(options);
      probe.contexts.push(this);
    }
  };
  const { connect } = AudioNode.prototype as unknown as {
    connect(this: AudioNode, to: AudioNode): AudioNode;
  };
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    if (to instanceof AudioDestinationNode) {
      probe.analyser ??= new AnalyserNode(this.context, { fftSize: 2048 });
      connect.call(this, probe.analyser);
    }
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
  const { mediaDevices } = navigator;
  if (mediaDevices === undefined) return;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    probe.streams.push(stream);
    return stream;
  };
}

/** Wide enough for both columns, and cheap to draw. */
export const SMALL_WINDOW = { width: 840, height: 520 };

/** How somebody comes to the page. */
export interface Visit extends BrowserContextOptions {
  readonly url: string;
}

/** Lets somebody visit the page, who leaves it without a complaint of the browser. */
export async function visit(
  browser: Browser,
  { url, ...options }: Visit,
  act: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    permissions: ['microphone', 'camera'],
    viewport: SMALL_WINDOW,
    ...options,
  });
  const visitor = await Visitor.open(context, url);
  await visitor.state('listening');
  await act(visitor);
  await visitor.leave();
  await context.close();
}
