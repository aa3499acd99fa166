import type { ErrorCode } from '../src/errors.ts';
import { element } from './element.js';

/** What the page says the avatar is doing. */
export type State = 'connecting' | 'offline' | 'listening' | 'speaking';

const STATE_WORDS: Record<State, string> = {
  connecting: 'Connecting …',
  offline: 'Offline',
  listening: 'Listening',
  speaking: 'Speaking',
};

/** The server's errors as a visitor would put them; what is missing here the server words well enough itself. */
const ERROR_WORDS: Partial<Record<ErrorCode, string>> = {
  rate_limited: 'That was a bit fast. Wait a moment, then go on.',
  text_too_long: 'That text is too long: 4,000 characters are the most.',
  too_many_sessions: 'Everybody wants to talk just now. This page keeps trying.',
  draining: 'The server is restarting. This page will be back with it.',
  agent_unavailable: 'The voice agent cannot be reached. If its key is right, the server keeps trying.',
  agent_lost: 'The voice agent was lost for a moment. Just say it again.',
  agent_failed: 'The voice agent stumbled over this answer. Just ask again.',
  internal: 'Something went wrong in the server. This page connects again.',
};

/** Trouble is shown for so long. */
const TROUBLE_MS = 8000;

const stateLabel = element('state', HTMLElement);
const troubleLine = element('trouble', HTMLElement);
const liveLine = element('live', HTMLElement);
let troubleTimer: number | undefined;

/** Shows what the avatar is doing; styles (and tests) read it from the body's `data-state`. */
export function showState(state: State): void {
  if (document.body.dataset['state'] === state) return;
  document.body.dataset['state'] = state;
  stateLabel.textContent = STATE_WORDS[state];
}

/** Shows that something is wrong, in words for the visitor, for a while. */
export function showTrouble(words: string): void {
  troubleLine.textContent = words;
  troubleLine.hidden = false;
  window.clearTimeout(troubleTimer);
  troubleTimer = window.setTimeout(hideTrouble, TROUBLE_MS);
}

/** The trouble is over. */
export function hideTrouble(): void {
  troubleLine.hidden = true;
}

/** The words for an error of the server. */
export function errorWords(code: string, message: string): string {
  return (ERROR_WORDS as Partial<Record<string, string>>)[code] ?? message;
}

/** Asks the server which agent and which face are live, and shows it. */
export async function showLive(): Promise<void> {
  try {
    const response = await fetch('./health');
    const { agent, face } = (await response.json()) as { agent: string; face: string };
    liveLine.textContent = `Agent: ${agent} · Face: ${face}`;
  } catch {
    liveLine.textContent = ''; // the state line says that the server is away
  }
}
