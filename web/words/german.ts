import { GERMAN_ERROR_WORDS } from './german-errors.js';
import type { Words } from './words.js';

/** Die Seite auf Deutsch. */
export const GERMAN: Words = {
  title: 'Avatar-Gespräch',
  avatar: 'Avatar',
  face: 'Das Gesicht des Avatars',
  conversation: 'Gespräch',
  said: 'Was gesagt wurde',
  you: 'Du:',
  they: 'Avatar:',

  hello: 'Schön, dass du da bist.',
  invitation: 'Schreib etwas, oder halte die Taste und sprich. Ich antworte laut.',
  suggestions: ['Hallo', 'Was kannst du?', 'Erzähl mir einen Witz'],

  message: 'Nachricht',
  placeholder: 'Sag etwas …',
  send: 'Senden',
  waits: 'Es wird gesendet, sobald die Verbindung wieder da ist.',
  stop: 'Nicht weitersprechen',

  controls: 'Stimme und Kamera',
  talk: 'Zum Sprechen halten',
  talking: 'Loslassen, wenn du fertig bist',
  talkKey: 'Leertaste',
  microphone: 'Mikrofon öffnen',
  microphoneOff: 'Mikrofon schließen',

  camera: 'Kamera',
  cameraOff: 'Kamera schließen',
  cameraPreview: 'Was deine Kamera sieht',
  show: 'Das zeigen',
  watch: 'Weiter hinsehen',
  watching: 'Alle paar Sekunden ein Bild',
  shown: 'Das zuletzt gesendete Bild',
  picture: 'Ein Bild deiner Kamera',
  whatDoYouSee: 'Was siehst du?',

  presence: {
    connecting: 'Verbindet …',
    listening: 'Hört zu',
    thinking: 'Denkt nach …',
    speaking: 'Spricht',
    reconnecting: 'Verbindet neu …',
    offline: 'Offline',
    refused: 'Nicht verbunden',
    resting: 'Ruht sich aus',
  },
  reconnecting: 'Die Verbindung ist weg. Sie wird von selbst wieder aufgebaut,',
  inSeconds: (seconds) => (seconds > 0 ? `in ${seconds} s.` : 'jetzt.'),
  offline: 'Dein Gerät hat kein Netz. Das Gespräch geht weiter, sobald es wieder da ist.',
  refused: 'Von selbst wird das nichts:',
  refusedAdvice: {
    origin_not_allowed:
      'Wer den Server betreibt, muss die Adresse dieser Seite in AUTH_ALLOWED_ORIGINS eintragen.',
    bad_address: 'Öffne diese Seite unter der eigenen Adresse des Servers.',
  },
  refusedAdviceElse: 'Lade die Seite neu. Hilft das nicht, frag den, der den Server betreibt.',
  resting: 'Es war eine Weile still, da bin ich eingenickt. Was immer du tust, weckt mich.',
  locked: 'Dein Browser hält den Ton zurück.',
  tryNow: 'Jetzt versuchen',
  tryAgain: 'Noch einmal',
  wake: 'Aufwecken',
  hear: 'Klicken zum Hören',

  confetti: 'Konfetti!',
  actionUnknown: (name) => `Der Avatar wollte von dieser Seite „${name}“; das kann sie nicht.`,

  about: 'Wer hier spricht',
  aboutHints: 'Für den, der diesen Server betreibt',
  agents: {
    sample_offline: 'Offline-Agent',
    sample_openai: 'OpenAI Realtime',
    sample_gemini: 'Gemini Live',
    remote: 'Agent von anderswo',
  },
  faces: {
    wav2arkit: 'großes Gesichtsmodell',
    embedded: 'eingebautes Gesicht',
    loudness: 'einfaches Gesicht',
    off: 'kein Gesicht',
  },
  agentHints: {
    sample_offline:
      'Er spricht nur Englisch, zitiert einen Text und sagt nach, was du sagst. Für ein echtes Gespräch: OPENAI_API_KEY oder GEMINI_API_KEY setzen und den Server neu starten.',
  },
  agentAway: 'Beim letzten Versuch war der Agent nicht zu erreichen. Stimmt sein Schlüssel?',
  agentBlind: 'Er kann keine Bilder ansehen. Für Agenten, die es können, gibt es hier einen Kameraknopf.',
  faceHints: {
    embedded: 'Noch besser werden die Lippen mit dem großen Modell: docs/face.md.',
    loudness: 'Es folgt nur der Lautstärke. Das eingebaute Modell fehlt oder ist abgeschaltet: docs/face.md.',
    off: 'FACE_ENGINE ist aus: nur Ton wird gesendet.',
  },
  faceRests: 'Ein besseres Gesicht ruht nach Fehlern; warum, steht im Protokoll des Servers.',
  developer: 'Entwickleransicht',
  close: 'Schließen',

  cameraErrors: {
    denied: 'Die Kamera ist nicht erlaubt. In der Adresszeile des Browsers lässt sie sich erlauben.',
    missing: 'Es wurde keine Kamera gefunden.',
    busy: 'Ein anderes Programm benutzt die Kamera.',
    insecure: 'Browser geben die Kamera nur Seiten über https oder von diesem Rechner.',
    lost: 'Die Kamera ist weg. Steck sie wieder ein und schalte sie dann an.',
    unknown: 'Die Kamera ließ sich nicht öffnen.',
  },
  pictureFailed: 'Es ließ sich kein Bild machen, das sich senden lässt.',
  errors: GERMAN_ERROR_WORDS,
};
