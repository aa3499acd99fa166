import type { AvatarChat } from '../client/src/index.js';
import type { Words } from '../words/words.js';
import { throwConfetti } from './confetti.js';
import type { Log } from './log.js';

/** Between two notes of the same kind at least this long (ms): a model that asks and asks does not fill the page. */
const NOTE_EVERY_MS = 1000;

/**
 * Does what the model may ask this page for: confetti. Whatever else it asks for is noted, by its name alone, and left
 * to others: nothing is answered, opened or run.
 */
export function performActions(chat: AvatarChat, log: Log, words: Words): void {
  let notedAtMs = Number.NEGATIVE_INFINITY;
  const note = (text: string) => {
    const nowMs = performance.now();
    if (nowMs - notedAtMs < NOTE_EVERY_MS) return false;
    notedAtMs = nowMs;
    log.addNote(text);
    return true;
  };
  chat.on('action', ({ name }) => {
    if (name !== 'trigger_confetti') note(words.actionUnknown(name.slice(0, 64)));
    else if (note(words.confetti)) throwConfetti();
  });
}
