import type { ErrorCode } from '../../src/errors.ts';
import type { MicrophoneErrorCode } from './microphone/microphone-error.ts';

/** What can be put into words: the server's error codes, the microphone's (`microphone_…`), and a few of the client's. */
export type WordedCode = ErrorCode | `microphone_${MicrophoneErrorCode}` | 'bad_address' | 'unauthorized';

/** Plain words by code. A translation may leave codes out: then the English ones are used. */
export type ErrorWords = Readonly<Partial<Record<WordedCode, string>>>;

/** English, for somebody who talks with an avatar, not for who runs the server. */
export const ENGLISH_ERROR_WORDS: ErrorWords = {
  rate_limited: 'That was a bit fast. Wait a moment, then go on.',
  text_too_long: 'That text is too long: 4,000 characters are the most.',
  message_too_large: 'That was too much at once.',
  invalid_image: 'That picture cannot be used. A JPEG, PNG or WebP of at most 700 KB can.',
  too_many_sessions: 'Everybody wants to talk just now. It will be tried again in a moment.',
  draining: 'The server is restarting. It will be back in a moment.',
  session_expired: 'This conversation has gone on for as long as one may. A new one begins.',
  agent_unavailable: 'The voice agent cannot be reached just now.',
  agent_lost: 'The voice agent was lost for a moment. Just say it again.',
  agent_failed: 'The voice agent stumbled over this answer. Just ask again.',
  agent_cannot_see: 'This voice agent cannot look at pictures.',
  agent_overflow: 'The answer was far too long and was cut off.',
  internal: 'Something went wrong in the server. It will be tried again.',
  unauthorized: 'This page is not allowed to talk to the server.',
  bad_address: 'The server’s address is wrong, or this page may not open it.',
  microphone_denied:
    'The microphone is not allowed. You can allow it in the browser’s address bar, or just type.',
  microphone_missing: 'No microphone was found. You can type instead.',
  microphone_busy: 'The microphone is in use by another program.',
  microphone_insecure: 'Browsers give the microphone only to pages served over https, or from this computer.',
  microphone_unsupported: 'This browser cannot use the microphone. You can type instead.',
  microphone_worklet_blocked: 'This page’s rules keep the microphone from working. You can type instead.',
  microphone_lost: 'The microphone is gone. Plug it in again, then switch it on.',
  microphone_unknown: 'The microphone could not be opened. You can type instead.',
};

/** Refusals at the door that newer servers name; worded for the user alike. */
const ALIKE: Readonly<Record<string, WordedCode>> = {
  origin_not_allowed: 'unauthorized',
  token_missing: 'unauthorized',
  token_invalid: 'unauthorized',
  token_expired: 'unauthorized',
  too_many_connects: 'too_many_sessions',
  too_many_of_origin: 'too_many_sessions',
  too_many_of_address: 'too_many_sessions',
  overloaded: 'too_many_sessions',
};

/**
 * Words for an error.
 *
 * @param message what the server said itself: used where the code has no words.
 * @param words a translation; English unless given.
 */
export function errorWords(code: string, message = '', words: ErrorWords = ENGLISH_ERROR_WORDS): string {
  const worded = (ALIKE[code] ?? code) as WordedCode;
  return words[worded] ?? ENGLISH_ERROR_WORDS[worded] ?? (message === '' ? code : message);
}
