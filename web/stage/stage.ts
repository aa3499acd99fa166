import type { AvatarChat, Player } from '../client/src/index.js';
import { element } from '../element.js';
import { createFace, SHOWN_AFTER_MS } from '../face/face.js';
import type { Mood } from '../face/idle.js';
import { Halo } from './halo.js';

/** A voice has a peak of about this (of full scale) where it is loud. */
const LOUD = 14_000;

/** The avatar: her face, and the light around her. What is heard decides what is seen. */
export class Stage {
  readonly #chat: AvatarChat;
  readonly #moodInSilence: () => Mood;
  readonly #face = createFace(element('face', HTMLElement));
  readonly #halo = new Halo(element('halo', HTMLElement));
  /** Whose turns the face speaks instead of the conversation's. */
  #performing: Player | undefined;

  /** @param moodInSilence how she is while she says nothing. */
  constructor(chat: AvatarChat, moodInSilence: () => Mood) {
    this.#chat = chat;
    this.#moodInSilence = moodInSilence;
    chat.on('frame', ({ pcm }) => {
      const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      this.#halo.hear('avatar', Math.min(1, peak / LOUD));
    });
    requestAnimationFrame((nowMs) => this.#draw(nowMs));
  }

  /** The visitor is heard, so loud (0 to 1). */
  hearVisitor(level: number): void {
    this.#halo.hear('visitor', level);
  }

  /** Lets the face speak with another player's turn, a recording's; undefined: the conversation's own again. */
  perform(player: Player | undefined): void {
    this.#performing = player;
  }

  #draw(nowMs: number): void {
    const player = this.#performing ?? this.#chat.player;
    const weights = player.heard(SHOWN_AFTER_MS)?.weights;
    this.#face.draw(weights, player.speaking ? 'speaking' : this.#moodInSilence(), nowMs);
    this.#halo.draw();
    requestAnimationFrame((nextMs) => this.#draw(nextMs));
  }
}
