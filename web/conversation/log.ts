import type { AvatarChat, TranscriptEntry } from '../client/src/index.js';
import { element } from '../element.js';
import { html } from '../html.js';
import type { Words } from '../words/words.js';

/** From this close to its end (pixels) the conversation follows what is new; farther up, somebody reads. */
const FOLLOW_WITHIN_PX = 80;

/** More bubbles than this are not kept in the page. */
const MOST_SHOWN = 200;

interface Bubble {
  readonly item: HTMLElement;
  /** What of the entry's text is in it. */
  text: string;
}

/** The conversation as bubbles, with what happened in between. Words appear when they are heard. */
export class Log {
  readonly #chat: AvatarChat;
  readonly #words: Words;
  readonly #list = element('conversation', HTMLElement);
  readonly #scroller = element('scroll', HTMLElement);
  readonly #bubbles = new Map<number, Bubble>();

  constructor(chat: AvatarChat, words: Words) {
    this.#chat = chat;
    this.#words = words;
    chat.on('transcript', ({ entry, index }) => this.#follow(() => this.#show(entry, index)));
    // Where the space grows or shrinks (a keyboard, the developer's view) the newest words stay in sight.
    new ResizeObserver(() => {
      if (this.#list.childElementCount > 0) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    }).observe(this.#scroller);
  }

  /** Shows what the user showed. */
  addPicture(picture: HTMLImageElement, ...more: readonly HTMLElement[]): void {
    this.#add(html('li', { class: 'user picture' }, this.#speaker('user'), picture, ...more));
  }

  /** Says something that happened. */
  addNote(text: string): void {
    this.#add(html('li', { class: 'note' }, text));
  }

  #show(entry: TranscriptEntry, index: number): void {
    const bubble = this.#bubbles.get(entry.id) ?? this.#newBubble(entry, index);
    const more = entry.text.slice(bubble.text.length);
    bubble.text = entry.text;
    for (const word of more.match(/\s*\S+\s*/g) ?? []) {
      bubble.item.append(html('span', entry.role === 'assistant' ? { class: 'word' } : {}, word));
    }
    bubble.item.classList.toggle('cut', entry.state === 'cut');
    // Screen readers wait until the voice has finished.
    bubble.item.ariaBusy = entry.state === 'speaking' ? 'true' : null;
  }

  #newBubble({ id, role }: TranscriptEntry, index: number): Bubble {
    const item = html('li', { class: role === 'user' ? 'user' : 'avatar' }, this.#speaker(role));
    const bubble = { item, text: '' };
    this.#bubbles.set(id, bubble);
    // What was spoken is known late: its place is before the answer that already runs.
    const next = this.#chat.transcript.entries[index + 1];
    this.#list.insertBefore(item, (next && this.#bubbles.get(next.id)?.item) ?? null);
    this.#prune();
    return bubble;
  }

  /** Who speaks, for those who do not see the bubbles' sides. */
  #speaker(role: TranscriptEntry['role']): HTMLElement {
    return html('span', { class: 'unseen' }, `${role === 'user' ? this.#words.you : this.#words.they} `);
  }

  #add(item: HTMLElement): void {
    this.#follow(() => {
      this.#list.append(item);
      this.#prune();
    });
  }

  #prune(): void {
    while (this.#list.childElementCount > MOST_SHOWN) {
      const oldest = this.#list.firstElementChild;
      oldest?.remove();
      for (const [id, { item }] of this.#bubbles) if (item === oldest) this.#bubbles.delete(id);
    }
  }

  #follow(change: () => void): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const following = scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN_PX;
    change();
    if (following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}
