import type { AvatarState } from '../protocol/server-message-types.ts';
import type { Outbox } from './outbox.ts';

/** What the avatar is doing, told to the client when it changes. One per session. */
export class Avatar {
  readonly #outbox: Outbox;
  #state: AvatarState = 'Listening';

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** The avatar does this from now on. */
  is(state: AvatarState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#outbox.send({ type: 'avatar_state', state });
  }
}
