import type { ErrorWords } from '../client/src/error-words.js';

/** Was schiefgehen kann, auf Deutsch: für die Seite und für den eingebetteten Avatar, der sonst nichts von ihr lädt. */
export const GERMAN_ERROR_WORDS: ErrorWords = {
  rate_limited: 'Das war ein bisschen schnell. Warte einen Moment, dann geht es weiter.',
  text_too_long: 'Dieser Text ist zu lang: 4.000 Zeichen sind das Höchste.',
  message_too_large: 'Das war zu viel auf einmal.',
  invalid_image: 'Dieses Bild ist nicht zu gebrauchen. JPEG, PNG oder WebP bis 700 KB gehen.',
  too_many_sessions: 'Gerade wollen alle sprechen. Gleich wird es noch einmal versucht.',
  draining: 'Der Server startet neu. Gleich ist er wieder da.',
  session_expired: 'Dieses Gespräch hat so lange gedauert, wie eines darf. Ein neues beginnt.',
  agent_unavailable: 'Der Sprachagent ist gerade nicht zu erreichen.',
  agent_lost: 'Der Sprachagent war einen Moment weg. Sag es einfach noch einmal.',
  agent_failed: 'Der Sprachagent ist über diese Antwort gestolpert. Frag einfach noch einmal.',
  agent_cannot_see: 'Dieser Sprachagent kann keine Bilder ansehen.',
  agent_overflow: 'Die Antwort war viel zu lang und wurde abgebrochen.',
  internal: 'Im Server ist etwas schiefgegangen. Es wird noch einmal versucht.',
  unauthorized: 'Diese Seite darf nicht mit dem Server sprechen.',
  bad_address: 'Die Adresse des Servers ist falsch, oder diese Seite darf sie nicht öffnen.',
  microphone_denied:
    'Das Mikrofon ist nicht erlaubt. In der Adresszeile des Browsers lässt es sich erlauben; oder schreib einfach.',
  microphone_missing: 'Es wurde kein Mikrofon gefunden. Du kannst stattdessen schreiben.',
  microphone_busy: 'Ein anderes Programm benutzt das Mikrofon.',
  microphone_insecure: 'Browser geben das Mikrofon nur Seiten über https oder von diesem Rechner.',
  microphone_unsupported: 'Dieser Browser kann das Mikrofon nicht benutzen. Du kannst stattdessen schreiben.',
  microphone_worklet_blocked:
    'Die Regeln dieser Seite sperren das Mikrofon. Du kannst stattdessen schreiben.',
  microphone_lost: 'Das Mikrofon ist weg. Steck es wieder ein und schalte es dann an.',
  microphone_unknown: 'Das Mikrofon ließ sich nicht öffnen. Du kannst stattdessen schreiben.',
};
