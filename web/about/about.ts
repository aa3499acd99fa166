import { element } from '../element.js';
import { html } from '../html.js';
import type { Words } from '../words/words.js';
import type { Live } from './live.js';

/** Which agent and which face are live, and how to get better ones, out of the way until somebody asks. */
export class About {
  readonly #words: Words;
  readonly #box = element('about', HTMLDetailsElement);
  readonly #names = element('about-names', HTMLElement);
  readonly #hints = element('about-hints', HTMLElement);

  constructor(words: Words) {
    this.#words = words;
    // It closes as a menu does: with a click elsewhere, or Esc.
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Node && !this.#box.contains(target)) this.#box.open = false;
    });
    this.#box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#box.open) return;
      event.stopPropagation();
      this.#box.open = false;
      this.#box.querySelector('summary')?.focus();
    });
  }

  /** Shows who is live. */
  show(live: Live): void {
    const { agents, faces } = this.#words;
    this.#names.textContent = `${agents[live.agent] ?? live.agent} · ${faces[live.face] ?? live.face}`;
    this.#hints.replaceChildren(...this.#hintsFor(live).map((hint) => html('li', {}, hint)));
    this.#box.hidden = false;
  }

  #hintsFor({ agent, agentReachable, agentSees, face, faceRests }: Live): string[] {
    const words = this.#words;
    const hints = [
      words.agentHints[agent],
      agentReachable === false ? words.agentAway : undefined,
      agentSees ? undefined : words.agentBlind,
      words.faceHints[face],
      faceRests ? words.faceRests : undefined,
    ];
    return hints.filter((hint) => hint !== undefined);
  }
}
