import { html } from '../html.js';
import { download } from './download.js';
import { recordedTurns } from './recorded-turns.js';
import { MOST_RECORDED_MS, type Recording } from './recording.js';
import { type FileProblem, LARGEST_FILE_BYTES, readRecording, writeRecording } from './recording-file.js';
import { section } from './section.js';
import { wavOf } from './wav.js';
import type { DeveloperWords } from './words.js';

/** What the buttons ask for. */
export interface RecordingDesk {
  /** Begins to record. */
  record(): void;
  /** Ends it. @returns what was recorded. */
  finish(): Recording | undefined;
  play(recording: Recording): void;
  stopPlaying(): void;
}

/** What is going on, as the panel shows it. */
export type DeskState =
  | { readonly kind: 'resting' }
  | { readonly kind: 'recording'; readonly elapsedMs: number; readonly chars: number; readonly full: boolean }
  | { readonly kind: 'playing' };

/** The buttons to record, save, open and play back. It holds the recording that was made or opened last. */
export class RecordingPanel {
  readonly element: HTMLDetailsElement;
  readonly #desk: RecordingDesk;
  readonly #words: DeveloperWords;
  readonly #record: HTMLButtonElement;
  readonly #play: HTMLButtonElement;
  readonly #saveSound: HTMLButtonElement;
  readonly #saveAll: HTMLButtonElement;
  readonly #open: HTMLButtonElement;
  readonly #file = html('input', { type: 'file', accept: '.json,application/json', hidden: '' });
  readonly #state: HTMLElement;
  /** Apart from the state, which screen readers say whenever it changes. */
  readonly #progress = html('p', { class: 'progress', hidden: '' });
  #recording: Recording | undefined;
  /** Whether there is an answer in it. */
  #speaks = false;
  /** What is in it, in words. */
  #summary = '';
  #kind: DeskState['kind'] = 'resting';
  #speaking = false;

  constructor(desk: RecordingDesk, words: DeveloperWords) {
    this.#desk = desk;
    this.#words = words;
    this.#record = button(words.record, 'record', () => this.#toggleRecord());
    this.#play = button(words.play, 'play', () => this.#togglePlay());
    this.#saveSound = button('WAV', 'save', () => this.#save('wav'));
    this.#saveAll = button('JSON', 'save', () => this.#save('json'));
    this.#open = button(words.open, 'open', () => this.#file.click());
    this.#saveSound.title = words.saveSound;
    this.#saveAll.title = words.saveAll;
    this.#file.setAttribute('aria-label', words.open);
    this.#file.addEventListener('change', () => void this.#read());
    this.#state = html('p', { class: 'told', role: 'status' }, words.recordingHint);
    const buttons = [this.#record, this.#play, this.#saveSound, this.#saveAll, this.#open];
    this.element = section(
      words.recording,
      html('div', { class: 'tools' }, ...buttons, this.#file),
      this.#state,
      this.#progress,
    );
    this.#show();
  }

  /** Shows what is going on, and whether something else is spoken. */
  tell(state: DeskState, speaking: boolean): void {
    if (this.#kind === 'playing' && state.kind === 'resting') this.say(this.#summary);
    if (this.#kind !== 'playing' && state.kind === 'playing') this.say(this.#words.playing);
    this.#kind = state.kind;
    this.#speaking = speaking;
    if (state.kind === 'recording') {
      const megabytes = (state.chars / 1_000_000).toFixed(1);
      const seconds = Math.floor(state.elapsedMs / 1000);
      this.#progress.textContent = this.#words.recordingNow(seconds, megabytes, MOST_RECORDED_MS / 60_000);
    }
    this.#show();
    if (state.kind !== 'recording' || !state.full) return;
    this.#finish();
    this.say(this.#words.recordingFull);
  }

  /** Says something in words. */
  say(text: string): void {
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  #toggleRecord(): void {
    if (this.#kind === 'recording') this.#finish();
    else this.#desk.record();
  }

  #finish(): void {
    this.#kind = 'resting';
    this.#take(this.#desk.finish());
  }

  #togglePlay(): void {
    if (this.#kind === 'playing') this.#desk.stopPlaying();
    else if (this.#recording !== undefined) this.#desk.play(this.#recording);
  }

  #save(kind: 'wav' | 'json'): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    const name = `avatar-chat-${recording.recordedAt.replace(/[^0-9]/g, '').slice(0, 14)}.${kind}`;
    if (kind === 'json') download(name, 'application/json', writeRecording(recording));
    else download(name, 'audio/wav', wavOf(recordedTurns(recording)));
  }

  async #read(): Promise<void> {
    const file = this.#file.files?.[0];
    if (file === undefined) return;
    const problem = await this.#readFile(file);
    this.#file.value = ''; // the same file can be chosen again
    if (problem !== undefined) this.say(this.#words.fileProblems[problem]);
  }

  /** Takes a file's recording. @returns why it cannot. */
  async #readFile(file: File): Promise<FileProblem | 'unreadable' | undefined> {
    if (file.size > LARGEST_FILE_BYTES) return 'too_large';
    const text = await file.text().catch(() => undefined);
    if (text === undefined) return 'unreadable';
    const read = readRecording(text);
    if (read.kind === 'problem') return read.problem;
    this.#take(read.recording);
    return undefined;
  }

  #take(recording: Recording | undefined): void {
    this.#recording = recording;
    const turns = recording === undefined ? [] : recordedTurns(recording);
    const seconds = turns.reduce((sum, { frames, sampleRate }) => {
      return sum + frames.reduce((samples, { pcm }) => samples + pcm.length, 0) / sampleRate;
    }, 0);
    const { nothingRecorded, recorded } = this.#words;
    this.#speaks = seconds > 0;
    this.#summary = !this.#speaks ? nothingRecorded : recorded(turns.length, seconds.toFixed(1));
    this.say(this.#summary);
    this.#show();
  }

  /** Names the buttons after what they do now, and lets only those be pressed that can do it. */
  #show(): void {
    const [recording, playing] = [this.#kind === 'recording', this.#kind === 'playing'];
    const busy = recording || playing;
    this.#progress.hidden = !recording;
    this.#state.hidden = recording;
    this.#record.dataset['kind'] = recording ? 'recording' : 'record';
    label(this.#record, recording ? this.#words.stopRecording : this.#words.record);
    label(this.#play, playing ? this.#words.stopPlaying : this.#words.play);
    this.#play.dataset['kind'] = playing ? 'stop' : 'play';
    this.#play.title = this.#speaking && this.#speaks ? this.#words.speaksNow : '';
    this.#record.disabled = playing;
    this.#play.disabled = !playing && (recording || !this.#speaks || this.#speaking);
    this.#saveSound.disabled = busy || !this.#speaks;
    this.#saveAll.disabled = busy || this.#recording === undefined;
    this.#open.disabled = busy;
  }
}

function button(words: string, kind: string, act: () => void): HTMLButtonElement {
  const made = html('button', { type: 'button', 'data-kind': kind }, words);
  made.addEventListener('click', act);
  return made;
}

function label(of: HTMLButtonElement, words: string): void {
  if (of.textContent !== words) of.textContent = words;
}
