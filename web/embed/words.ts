import { ENGLISH_ERROR_WORDS, type ErrorWords } from '../client/src/error-words.js';
import type { Activity } from '../client/src/index.js';
import { GERMAN_ERROR_WORDS } from '../words/german-errors.js';

/** What the embedded avatar says in its own panel, in one language. */
export interface PanelWords {
  readonly open: string;
  readonly close: string;
  readonly message: string;
  readonly send: string;
  readonly stop: string;
  readonly microphone: string;
  readonly conversation: string;
  readonly activity: Readonly<Record<Activity, string>>;
  readonly errors: ErrorWords;
}

const ENGLISH: PanelWords = {
  open: 'Talk with the avatar',
  close: 'Close',
  message: 'Message',
  send: 'Send',
  stop: 'Stop speaking',
  microphone: 'Microphone',
  conversation: 'Conversation',
  activity: {
    connecting: 'Connecting …',
    offline: 'Offline',
    listening: 'Listening',
    thinking: 'Thinking …',
    speaking: 'Speaking',
  },
  errors: ENGLISH_ERROR_WORDS,
};

const GERMAN: PanelWords = {
  open: 'Mit dem Avatar sprechen',
  close: 'Schließen',
  message: 'Nachricht',
  send: 'Senden',
  stop: 'Nicht weitersprechen',
  microphone: 'Mikrofon',
  conversation: 'Gespräch',
  activity: {
    connecting: 'Verbindet …',
    offline: 'Offline',
    listening: 'Hört zu',
    thinking: 'Denkt nach …',
    speaking: 'Spricht',
  },
  errors: GERMAN_ERROR_WORDS,
};

/** The words for a language (`de`, `de-AT`); English where there is no translation. */
export function panelWords(lang: string): PanelWords {
  return lang.toLowerCase().startsWith('de') ? GERMAN : ENGLISH;
}
