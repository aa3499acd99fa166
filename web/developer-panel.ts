import type { DeveloperView, PageUnderView } from './developer/developer-view.js';
import { element } from './element.js';

/** The button that opens the developer's view, and the place where it is. Its script is loaded when it is first opened. */
export class DeveloperPanel {
  readonly #page: PageUnderView;
  readonly #button = element('developer-button', HTMLButtonElement);
  readonly #panel = element('developer', HTMLElement);
  readonly #host = element('developer-host', HTMLElement);
  /** From the click on, also while its script is on its way. */
  #opened: { view: DeveloperView | undefined } | undefined;

  constructor(page: PageUnderView) {
    this.#page = page;
    this.#button.addEventListener('click', () => {
      if (this.#opened === undefined) void this.open();
      else this.close();
    });
    element('developer-close', HTMLButtonElement).addEventListener('click', () => {
      this.close();
      this.#button.focus();
    });
  }

  /** Opens the view. Where its script cannot be loaded, nothing opens. */
  async open(): Promise<void> {
    const opened: { view: DeveloperView | undefined } = { view: undefined };
    this.#opened = opened;
    this.#button.setAttribute('aria-expanded', 'true');
    try {
      const { openDeveloperView } = await import('./developer/developer-view.js');
      if (opened !== this.#opened) return; // closed meanwhile
      this.#panel.hidden = false;
      document.body.dataset['developer'] = 'open';
      opened.view = openDeveloperView(this.#host, this.#page);
    } catch (error) {
      if (opened === this.#opened) this.close();
      reportError(error);
    }
  }

  /** Closes it; the face speaks the conversation's turns again. */
  close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#button.setAttribute('aria-expanded', 'false');
    this.#panel.hidden = true;
    delete document.body.dataset['developer'];
    opened?.view?.dispose();
    this.#page.perform(undefined);
  }
}
