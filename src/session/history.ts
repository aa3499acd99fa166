import type { Utterance } from '../agents/agent.ts';

/** What is remembered of a conversation: the newest so many utterances, and of them about so many characters. */
const MAX_UTTERANCES = 60;
const MAX_CHARS = 20_000;

/** What was said in a conversation, as far as it was heard: what a reopened agent is told. */
export class History {
  readonly #utterances: Utterance[] = [];
  #chars = 0;

  /** Something was said; nothing is remembered of an empty text. */
  add(role: Utterance['role'], text: string): void {
    if (text === '') return;
    this.#utterances.push({ role, text });
    this.#chars += text.length;
    while (
      this.#utterances.length > MAX_UTTERANCES ||
      (this.#chars > MAX_CHARS && this.#utterances.length > 1)
    ) {
      this.#chars -= this.#utterances.shift()?.text.length ?? 0;
    }
  }

  /**
   * The utterances, oldest first, and what the agent is just `saying` after them; without the user's newest ones of the
   * texts that are `unheard`: the agent is still to be told them.
   */
  soFar(saying: readonly string[] = [], unheard: readonly string[] = []): readonly Utterance[] {
    const heard = [...this.#utterances, ...saying.map((text) => ({ role: 'assistant' as const, text }))];
    for (const text of unheard) {
      const at = heard.findLastIndex((said) => said.role === 'user' && said.text === text);
      if (at !== -1) heard.splice(at, 1);
    }
    return heard;
  }
}
