import type { DeveloperWords } from './words.js';

export const GERMAN: DeveloperWords = {
  timeline: 'Ton und Mund',
  timelineEmpty: 'Noch ist nichts zu hören gewesen. Fragen Sie etwas.',
  timelineHelp: 'Die letzten sechs gehörten Sekunden. Werte zeigen der Mauszeiger oder die Pfeiltasten.',
  sound: 'Ton',
  aperture: 'Öffnung',
  jaw: 'Kiefer',
  rounding: 'Rundung',
  level: 'Pegel',
  lipsClosed: 'Lippen zu',
  silence: 'Stille',
  turn: 'Antwort',
  marks: { start: 'Anfang', end: 'Ende', cut: 'unterbrochen', underrun: 'leergelaufen' },

  weights: 'Gewichte',
  parts: { brows: 'Brauen', eyes: 'Augen', jaw: 'Kiefer', mouth: 'Mund', cheeks: 'Wangen, Nase, Zunge' },
  left: 'links',
  right: 'rechts',
  visemes: 'Viseme',

  numbers: 'Zahlen',
  figures: {
    firstFrame: {
      name: 'Erstes Bild',
      meaning: 'Vom Ende der Frage bis zur Ankunft des ersten Bildes der Antwort.',
    },
    firstSound: {
      name: 'Erster Ton',
      meaning: 'Vom Ende der Frage bis zum ersten Ton, der zu hören ist, mit dem Weg bis zum Ohr.',
    },
    lead: {
      name: 'Vorsprung',
      meaning:
        'Ton, der bereitliegt, bevor er gespielt wird. Jetzt; bei einer Antwort der kleinste, der bei der Ankunft eines Bildes da war.',
    },
    jitter: {
      name: 'Schwankung',
      meaning: 'Um wie viel später als die pünktlichen Bilder kommen: 95 von 100 sind weniger spät.',
    },
    missing: {
      name: 'Verloren · doppelt · spät',
      meaning: 'Bilder, die nie kamen; die zweimal kamen; die kamen, als alles vor ihnen schon gespielt war.',
    },
    underruns: {
      name: 'Leergelaufen',
      meaning: 'Wie oft der Ton einer Antwort ausging, pausierte und weiterging.',
    },
    roundTrip: {
      name: 'Hin und zurück',
      meaning:
        'Von einem Ping zu seinem Pong: der letzte. Solange dies offen ist, wird alle fünf Sekunden gefragt.',
    },
    pictures: {
      name: 'Gezeichnet',
      meaning: 'Wie viele Bilder die Seite in der Sekunde zeichnet.',
    },
    faults: {
      name: 'Fehler',
      meaning: 'Was der Server nicht hätte senden sollen, nach Art, seit dies geöffnet wurde.',
    },
  },
  asked: {
    text: 'gezählt vom gesendeten Text an',
    speech_end: 'gezählt vom Ende des Mikrofontons an',
    echo: 'gezählt vom Echo des Gesprochenen an',
  },
  meanings: 'Was die Zahlen bedeuten',
  history: 'Die letzten Antworten',
  columns: { turn: 'Nr.', length: 'Gehört', end: 'Ende' },
  states: { coming: 'läuft', heard: 'gehört', cut: 'unterbrochen' },
  none: 'keine',

  messages: 'Nachrichten',
  show: 'Zeigen',
  everything: 'alle',
  sent: 'gesendet',
  received: 'empfangen',
  pause: 'Anhalten',
  clear: 'Leeren',
  copy: 'Ganze Nachricht kopieren',
  copied: 'Kopiert',
  copyFailed: 'Der Browser erlaubt das Kopieren nicht',
  waiting: (count) => `${count} weitere seit dem Anhalten`,

  recording: 'Aufnahme',
  record: 'Aufnehmen',
  stopRecording: 'Aufnahme beenden',
  play: 'Abspielen',
  stopPlaying: 'Stopp',
  saveSound: 'Ton sichern (WAV)',
  saveAll: 'Alles sichern (JSON)',
  open: 'Öffnen …',
  recordingHint: 'Nehmen Sie auf, was gesagt wird, speichern Sie es, spielen Sie es mit diesem Gesicht ab.',
  recordingNow: (seconds, megabytes, mostMinutes) =>
    `Aufnahme: ${seconds} s, ${megabytes} MB (höchstens ${mostMinutes} min)`,
  recordingFull: 'Die Aufnahme ist voll und beendet.',
  recorded: (turns, seconds) => `${turns === 1 ? '1 Antwort' : `${turns} Antworten`}, ${seconds} s Ton`,
  nothingRecorded: 'Während der Aufnahme kam keine Antwort.',
  playing: 'Spielt die Aufnahme …',
  endedByAnswer: 'Beendet: Eine Antwort beginnt.',
  speaksNow: 'Abspielen geht, wenn sonst nichts gesprochen wird.',
  fileProblems: {
    too_large: 'Diese Datei ist zu groß für eine Aufnahme.',
    not_json: 'Diese Datei ist kein JSON.',
    not_a_recording: 'Diese Datei ist keine Aufnahme dieser Ansicht.',
    other_version: 'Diese Aufnahme stammt von einer anderen Version dieser Ansicht.',
    damaged: 'Diese Aufnahme ist beschädigt.',
    empty: 'In dieser Aufnahme ist keine Antwort.',
    unreadable: 'Diese Datei lässt sich nicht lesen.',
  },
};
