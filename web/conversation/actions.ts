import type { AvatarChat } from '../client/src/index.js';
import type { Words } from '../words/words.js';
import { throwConfetti } from './confetti.js';
import type { Log } from './log.js';

/** Between two of a kind at least this long (ms): a model that asks and asks does not fill the page. */
const EVERY_MS = 1000;

/**
 * Does what the model may ask this page for: confetti. Whatever else it asks for is noted, by its name alone, and left
 * to others: nothing is answered, opened or run.
 */
export function performActions(chat: AvatarChat, log: Log, words: Words): void {
  const mayCelebrate = nowAndThen();
  const mayNote = nowAndThen();
  chat.on('action', ({ name }) => {
    if (name === 'trigger_confetti') {
      if (!mayCelebrate()) return;
      log.addNote(words.confetti);
      throwConfetti();
    } else if (mayNote()) {
      log.addNote(words.actionUnknown(name.slice(0, 64)));
    }
  });
}

/** Says yes if it has not for a while. */
function nowAndThen(): () => boolean {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = performance.now();
    if (nowMs - saidAtMs < EVERY_MS) return false;
    saidAtMs = nowMs;
    return true;
  };
}
