import type { CameraErrorCode } from '../camera/camera.js';
import type { ErrorWords } from '../client/src/error-words.js';
import type { Presence } from '../presence/presence.js';
import { ENGLISH } from './english.js';
import { GERMAN } from './german.js';

type ByName = Readonly<Record<string, string>>;

/** Everything the page says in one language. */
export interface Words {
  readonly title: string;
  readonly avatar: string;
  readonly face: string;
  readonly conversation: string;
  readonly said: string;
  /** Before what somebody said, for those who do not see whose bubble it is. */
  readonly you: string;
  readonly they: string;

  readonly hello: string;
  readonly invitation: string;
  /** What a visitor may want to say first. */
  readonly suggestions: readonly string[];

  readonly message: string;
  readonly placeholder: string;
  readonly send: string;
  readonly waits: string;
  readonly stop: string;

  readonly controls: string;
  readonly talk: string;
  readonly talking: string;
  readonly talkKey: string;
  readonly microphone: string;
  readonly microphoneOff: string;

  readonly camera: string;
  readonly cameraOff: string;
  readonly cameraPreview: string;
  readonly show: string;
  readonly watch: string;
  readonly watching: string;
  readonly shown: string;
  readonly picture: string;
  readonly whatDoYouSee: string;

  readonly presence: Readonly<Record<Presence['kind'], string>>;
  readonly reconnecting: string;
  readonly inSeconds: (seconds: number) => string;
  readonly offline: string;
  readonly refused: string;
  /** What to do, by the code of the refusal. */
  readonly refusedAdvice: ByName;
  readonly refusedAdviceElse: string;
  readonly resting: string;
  readonly locked: string;
  readonly tryNow: string;
  readonly tryAgain: string;
  readonly wake: string;
  readonly hear: string;

  readonly confetti: string;
  readonly actionUnknown: (name: string) => string;

  readonly about: string;
  readonly aboutHints: string;
  /** Names and hints by what `/health` calls them; others are shown as they are. */
  readonly agents: ByName;
  readonly faces: ByName;
  readonly agentHints: ByName;
  readonly agentAway: string;
  readonly agentBlind: string;
  readonly faceHints: ByName;
  readonly faceRests: string;
  readonly developer: string;
  readonly close: string;

  readonly cameraErrors: Readonly<Record<CameraErrorCode, string>>;
  readonly pictureFailed: string;
  readonly errors: ErrorWords;
}

/** The languages of the page. One more is one more file and one more line. */
export const LANGUAGES: Readonly<Record<string, Words>> = { en: ENGLISH, de: GERMAN };

/** A language of the page. */
export interface Language {
  /** For `<html lang>`. */
  readonly code: string;
  readonly words: Words;
}

/**
 * The language a visitor reads best.
 *
 * @param asked `?lang=` of the address, if it is there.
 * @param preferred what the browser says, best first.
 */
export function chooseLanguage(asked: string | null, preferred: readonly string[]): Language {
  for (const tag of [asked ?? '', ...preferred]) {
    const code = tag.toLowerCase().split('-')[0] ?? '';
    const words = Object.hasOwn(LANGUAGES, code) ? LANGUAGES[code] : undefined;
    if (words !== undefined) return { code, words };
  }
  return { code: 'en', words: ENGLISH };
}
