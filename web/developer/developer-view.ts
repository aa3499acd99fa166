import type { AvatarChat, Player } from '../client/src/index.js';

/** What the developer's view needs of the page. */
export interface PageUnderView {
  /** The visitor's conversation; the view only listens. */
  readonly chat: AvatarChat;
  /** Lets the page's face speak with another player's turn, a recording's; undefined: the conversation's own again. */
  perform(player: Player | undefined): void;
}

/** An open developer's view. */
export interface DeveloperView {
  /** Takes it off the page and lets go of everything. */
  dispose(): void;
}

/** Opens the view in an element of the page. */
export function openDeveloperView(host: HTMLElement, page: PageUnderView): DeveloperView {
  void page;
  host.hidden = false;
  return { dispose: () => host.replaceChildren() };
}
