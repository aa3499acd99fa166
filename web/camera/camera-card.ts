import type { AvatarChat } from '../client/src/index.js';
import { element } from '../element.js';
import { html } from '../html.js';
import type { Words } from '../words/words.js';
import { Camera, type CameraState } from './camera.js';
import { type Picture, takePicture } from './picture.js';

/** While it keeps looking, the agent gets a picture so often (ms). */
const LOOK_EVERY_MS = 4000;

/** What the card tells. */
export interface CameraListener {
  /** The visitor has shown one picture. */
  onShown(picture: HTMLImageElement): void;
  /** Something is wrong, in words for the visitor. */
  onTrouble(words: string): void;
}

/** The camera: a button that turns it on, and a card with what it sees, what was sent of it, and what to do with it. */
export class CameraCard {
  readonly #chat: AvatarChat;
  readonly #words: Words;
  readonly #listener: CameraListener;
  readonly #button = element('camera', HTMLButtonElement);
  readonly #card = element('camera-card', HTMLElement);
  readonly #video = element('camera-video', HTMLVideoElement);
  readonly #sent = element('camera-sent', HTMLElement);
  readonly #showButton = element('camera-show', HTMLButtonElement);
  readonly #watchButton = element('camera-watch', HTMLButtonElement);
  readonly #camera = new Camera(this.#video, (state) => this.#onState(state));
  /** There while it keeps looking. */
  #watch: { timer: number } | undefined;

  constructor(chat: AvatarChat, words: Words, listener: CameraListener) {
    this.#chat = chat;
    this.#words = words;
    this.#listener = listener;
    this.#button.addEventListener('click', () => this.#toggle());
    element('camera-close', HTMLButtonElement).addEventListener('click', () => {
      this.#camera.close();
      this.#button.focus();
    });
    this.#showButton.addEventListener('click', () => void this.#show());
    this.#watchButton.addEventListener('click', () => this.#toggleWatch());
    chat.on('state', ({ kind }) => {
      if (kind === 'closed' || kind === 'refused') this.#camera.close();
    });
    chat.on('error', ({ code }) => {
      if (code === 'agent_cannot_see') this.offer(false);
    });
  }

  /** Offers a camera, if the agent can see. */
  offer(sees: boolean): void {
    this.#button.hidden = !sees;
    if (!sees) this.#camera.close();
  }

  #toggle(): void {
    if (this.#camera.state.kind === 'on' || this.#camera.state.kind === 'opening') this.#camera.close();
    else void this.#camera.open();
  }

  async #show(): Promise<void> {
    const picture = await this.#send(this.#words.picture);
    if (picture !== undefined) this.#listener.onShown(picture.image);
  }

  async #send(alt: string): Promise<Picture | undefined> {
    const picture = await takePicture(this.#video, alt).catch(() => undefined);
    if (this.#camera.state.kind !== 'on') return undefined; // it was turned off meanwhile
    if (picture === undefined) {
      this.#listener.onTrouble(this.#words.pictureFailed);
      return undefined;
    }
    // While the server is away nothing is sent, and nothing is said: the banner says it.
    if (!(await this.#chat.sendImage(picture.jpeg, 'image/jpeg'))) return undefined;
    this.#card.animate([{ filter: 'brightness(1.7)' }, { filter: 'none' }], 350);
    return picture;
  }

  #toggleWatch(): void {
    if (this.#watch === undefined) {
      this.#watch = { timer: 0 };
      this.#watchButton.setAttribute('aria-pressed', 'true');
      void this.#look(this.#watch);
    } else {
      this.#stopWatching();
    }
  }

  async #look(watch: { timer: number }): Promise<void> {
    const picture = await this.#send(this.#words.shown);
    if (watch !== this.#watch) return;
    if (picture !== undefined) {
      this.#sent.replaceChildren(picture.image, html('span', {}, this.#words.watching));
      this.#sent.hidden = false;
    }
    watch.timer = window.setTimeout(() => void this.#look(watch), LOOK_EVERY_MS);
  }

  #stopWatching(): void {
    window.clearTimeout(this.#watch?.timer);
    this.#watch = undefined;
    this.#watchButton.setAttribute('aria-pressed', 'false');
    this.#sent.hidden = true;
    this.#sent.replaceChildren();
  }

  #onState(state: CameraState): void {
    const on = state.kind === 'on';
    const name = on ? this.#words.cameraOff : this.#words.camera;
    this.#button.setAttribute('aria-pressed', String(on));
    this.#button.setAttribute('aria-label', name);
    this.#button.title = name;
    this.#card.hidden = !on;
    if (!on) this.#stopWatching();
    if (state.kind === 'failed') this.#listener.onTrouble(this.#words.cameraErrors[state.code]);
  }
}
