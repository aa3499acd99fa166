import { ENGLISH } from './english.js';
import { GERMAN } from './german.js';
import type { FileProblem } from './recording-file.js';
import type { Asked } from './turn-figures.js';
import type { FacePart } from './weight-groups.js';

/** A figure of the view: its name, and how it is measured. */
export interface FigureWords {
  readonly name: string;
  readonly meaning: string;
}

/** The figures, in their order. */
export type FigureName =
  | 'firstFrame'
  | 'firstSound'
  | 'lead'
  | 'jitter'
  | 'missing'
  | 'underruns'
  | 'roundTrip'
  | 'pictures'
  | 'faults';

/** Everything the developer's view says in one language. */
export interface DeveloperWords {
  readonly timeline: string;
  readonly timelineEmpty: string;
  readonly timelineHelp: string;
  readonly sound: string;
  readonly aperture: string;
  readonly jaw: string;
  readonly rounding: string;
  readonly level: string;
  readonly lipsClosed: string;
  readonly silence: string;
  readonly turn: string;
  readonly marks: Readonly<Record<'start' | 'end' | 'cut' | 'underrun', string>>;

  readonly weights: string;
  readonly parts: Readonly<Record<FacePart, string>>;
  readonly left: string;
  readonly right: string;
  readonly visemes: string;

  readonly numbers: string;
  readonly figures: Readonly<Record<FigureName, FigureWords>>;
  readonly asked: Readonly<Record<Asked, string>>;
  readonly meanings: string;
  readonly history: string;
  readonly columns: {
    readonly turn: string;
    readonly length: string;
    readonly end: string;
  };
  readonly states: Readonly<Record<'coming' | 'heard' | 'cut', string>>;
  readonly none: string;

  readonly messages: string;
  readonly show: string;
  readonly everything: string;
  readonly sent: string;
  readonly received: string;
  readonly pause: string;
  readonly clear: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly waiting: (count: number) => string;

  readonly recording: string;
  readonly record: string;
  readonly stopRecording: string;
  readonly play: string;
  readonly stopPlaying: string;
  readonly saveSound: string;
  readonly saveAll: string;
  readonly open: string;
  readonly recordingHint: string;
  readonly recordingNow: (seconds: number, megabytes: string, mostMinutes: number) => string;
  readonly recordingFull: string;
  readonly recorded: (turns: number, seconds: string) => string;
  readonly nothingRecorded: string;
  readonly playing: string;
  readonly endedByAnswer: string;
  readonly speaksNow: string;
  readonly fileProblems: Readonly<Record<FileProblem | 'unreadable', string>>;
}

const LANGUAGES: Readonly<Record<string, DeveloperWords>> = { en: ENGLISH, de: GERMAN };

/** The words for a language (`de`, `de-AT`); English where there is no translation. */
export function developerWords(lang: string): DeveloperWords {
  const code = lang.toLowerCase().split('-')[0] ?? '';
  return (Object.hasOwn(LANGUAGES, code) ? LANGUAGES[code] : undefined) ?? ENGLISH;
}
