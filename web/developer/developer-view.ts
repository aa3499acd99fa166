import type { AvatarChat, Player } from '../client/src/index.js';
import { html } from '../html.js';
import { FiguresPanel } from './figures-panel.js';
import { MessagesPanel } from './messages-panel.js';
import { Observation } from './observation.js';
import { PictureRate } from './picture-rate.js';
import type { Recording } from './recording.js';
import { type DeskState, RecordingPanel } from './recording-panel.js';
import { Replay } from './replay.js';
import { DEVELOPER_STYLE } from './style.js';
import { Timeline } from './timeline.js';
import { WeightsPanel } from './weights-panel.js';
import { type DeveloperWords, developerWords } from './words.js';

/** What the developer's view needs of the page. */
export interface PageUnderView {
  /** The visitor's conversation; the view only listens, and asks it for signs of life. */
  readonly chat: AvatarChat;
  /** Lets the page's face speak with another player's turn, a recording's; undefined: the conversation's own again. */
  perform(player: Player | undefined): void;
}

/** An open developer's view. */
export interface DeveloperView {
  /** Takes it off the page and lets go of everything. */
  dispose(): void;
}

/** Words and numbers are told so often (ms). */
const TELL_EVERY_MS = 250;

/** Bars and the timeline are drawn no more often than this (ms), however many pictures a screen shows. */
const DRAW_MS = 30;

/** Where pictures take longer than this (ms), no more often than that. */
const SLOW_MS = 50;
const SLOW_DRAW_MS = 150;

/** The server is asked for a sign of life so often (ms), to know the round trip. */
const ASK_EVERY_MS = 5000;

/** Opens the view in an element of the page. What it shows begins with its opening. */
export function openDeveloperView(host: HTMLElement, page: PageUnderView): DeveloperView {
  host.hidden = false;
  const view = new OpenView(host, page, developerWords(document.documentElement.lang));
  try {
    view.begin();
    return view;
  } catch (error) {
    view.dispose();
    throw error;
  }
}

class OpenView implements DeveloperView {
  readonly #page: PageUnderView;
  readonly #words: DeveloperWords;
  readonly #observation: Observation;
  readonly #rate = new PictureRate();
  readonly #timeline: Timeline;
  readonly #weights: WeightsPanel;
  readonly #figures: FiguresPanel;
  readonly #messages: MessagesPanel;
  readonly #recording: RecordingPanel;
  readonly #element: HTMLElement;
  readonly #sheet = new CSSStyleSheet();
  readonly #timers: readonly number[];
  readonly #unsubscribe: () => void;
  #recordingSinceMs = 0;
  #replay: Replay | undefined;
  #picture = 0;
  #lastMs = 0;
  #drawnMs = 0;

  constructor(host: HTMLElement, page: PageUnderView, words: DeveloperWords) {
    this.#page = page;
    this.#words = words;
    this.#observation = new Observation(page.chat, () => performance.now());
    this.#timeline = new Timeline(this.#observation.strip, words);
    this.#weights = new WeightsPanel(words);
    this.#figures = new FiguresPanel(words);
    this.#messages = new MessagesPanel(this.#observation.log, performance.now(), words);
    this.#recording = new RecordingPanel(
      {
        record: () => this.#record(),
        finish: () => this.#observation.finish(),
        play: (recording) => this.#play(recording),
        stopPlaying: () => this.#replay?.stop(),
      },
      words,
    );
    const panels = [this.#recording, this.#timeline, this.#figures, this.#weights, this.#messages];
    this.#element = html('div', { class: 'developer-view' }, ...panels.map(({ element }) => element));
    this.#sheet.replaceSync(DEVELOPER_STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    host.append(this.#element);
    // Two voices at once are none: the conversation's comes first.
    this.#unsubscribe = page.chat.on('turnStart', () => this.#giveWay());
    this.#timers = [
      window.setInterval(() => this.#tell(), TELL_EVERY_MS),
      window.setInterval(() => this.#askForLife(), ASK_EVERY_MS),
    ];
  }

  /** Shows the first of everything, and goes on by itself. */
  begin(): void {
    this.#askForLife();
    this.#tell();
    this.#draw(performance.now());
  }

  dispose(): void {
    cancelAnimationFrame(this.#picture);
    for (const timer of this.#timers) clearInterval(timer);
    this.#replay?.stop();
    this.#unsubscribe();
    this.#observation.dispose();
    this.#timeline.dispose();
    this.#element.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }

  #draw(nowMs: number): void {
    this.#picture = requestAnimationFrame((nextMs) => this.#draw(nextMs));
    this.#rate.drew(nowMs);
    // The face comes first: where pictures are slow the view leaves some of them to it.
    const stepMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (nowMs - this.#drawnMs < (stepMs > SLOW_MS ? SLOW_DRAW_MS : DRAW_MS)) return;
    this.#drawnMs = nowMs;
    const heard = (this.#replay?.player ?? this.#page.chat.player).heard();
    this.#weights.draw(heard?.weights, heard?.visemes);
    this.#timeline.draw();
  }

  #tell(): void {
    const { turns, roundTrips, faults } = this.#observation;
    this.#weights.tell();
    this.#timeline.tell();
    this.#messages.tell();
    this.#figures.tell({
      turns: turns.turns,
      leadMs: this.#page.chat.player.aheadMs,
      roundTripMs: roundTrips.lastMs,
      picturesPerSecond: this.#rate.perSecond(performance.now()),
      faults,
    });
    this.#recording.tell(this.#deskState(), this.#page.chat.player.speaking);
  }

  #deskState(): DeskState {
    const { recorder } = this.#observation;
    if (this.#replay !== undefined) return { kind: 'playing' };
    if (recorder === undefined) return { kind: 'resting' };
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#recordingSinceMs;
    return { kind: 'recording', elapsedMs, chars: recorder.chars, full: recorder.full(nowMs) };
  }

  #askForLife(): void {
    const { chat } = this.#page;
    if (chat.state.kind === 'online') chat.check();
  }

  #record(): void {
    this.#recordingSinceMs = performance.now();
    this.#observation.record();
    this.#tell();
  }

  #play(recording: Recording): void {
    if (this.#page.chat.player.speaking) return;
    const { strip } = this.#observation;
    this.#replay?.stop();
    const replay: Replay = new Replay(recording, {
      onFrame: (frame) => strip.add(frame),
      onUnderrun: (turnId) => strip.underran(turnId),
      onTurnEnd: ({ turnId, heardMs, cut }) => strip.end(turnId, heardMs, cut),
      onEnd: () => this.#onReplayEnd(),
    });
    this.#replay = replay;
    this.#page.perform(replay.player);
    this.#tell();
  }

  #giveWay(): void {
    if (this.#replay === undefined) return;
    this.#replay.stop();
    this.#recording.say(this.#words.endedByAnswer);
  }

  #onReplayEnd(): void {
    this.#replay = undefined;
    this.#page.perform(undefined);
    this.#tell();
  }
}
