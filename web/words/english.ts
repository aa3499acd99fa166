import { ENGLISH_ERROR_WORDS } from '../client/src/error-words.js';
import type { Words } from './words.js';

/** The page in English. A translation is a file like this one, named in words.ts. */
export const ENGLISH: Words = {
  title: 'Avatar chat',
  avatar: 'Avatar',
  face: 'The avatar’s face',
  conversation: 'Conversation',
  said: 'What was said',
  you: 'You:',
  they: 'Avatar:',

  hello: 'Hello there.',
  invitation: 'Type something, or hold the button and talk. I answer out loud.',
  suggestions: ['Hello', 'What can you do?', 'Tell me a joke'],

  message: 'Message',
  placeholder: 'Say something …',
  send: 'Send',
  waits: 'It is sent as soon as the connection is back.',
  stop: 'Stop speaking',

  controls: 'Voice and camera',
  talk: 'Hold to talk',
  talking: 'Let go when you are done',
  talkKey: 'Space',
  microphone: 'Open microphone',
  microphoneOff: 'Close the microphone',

  camera: 'Camera',
  cameraOff: 'Close the camera',
  cameraPreview: 'What your camera sees',
  show: 'Show this',
  watch: 'Keep looking',
  watching: 'A picture every few seconds',
  shown: 'The picture that was sent last',
  picture: 'A picture from your camera',
  whatDoYouSee: 'What do you see?',

  presence: {
    connecting: 'Connecting …',
    listening: 'Listening',
    thinking: 'Thinking …',
    speaking: 'Speaking',
    reconnecting: 'Reconnecting …',
    offline: 'Offline',
    refused: 'Not connected',
    resting: 'Resting',
  },
  reconnecting: 'The connection is gone. It is tried again by itself,',
  inSeconds: (seconds) => (seconds > 0 ? `in ${seconds} s.` : 'now.'),
  offline: 'Your device has no network. The conversation goes on when it is back.',
  refused: 'It will not work by itself:',
  refusedAdvice: {
    origin_not_allowed: 'Whoever runs the server must add this page’s address to AUTH_ALLOWED_ORIGINS.',
    bad_address: 'Open this page at the server’s own address.',
  },
  refusedAdviceElse: 'Reload the page. If that does not help, ask whoever runs the server.',
  resting: 'It was quiet for a while, so I took a nap. Anything you do wakes me.',
  locked: 'Your browser holds the sound back.',
  tryNow: 'Try now',
  tryAgain: 'Try again',
  wake: 'Wake up',
  hear: 'Click to hear',

  confetti: 'Confetti!',
  actionUnknown: (name) => `The avatar asked this page for “${name}”, which it cannot do.`,

  about: 'Who is speaking',
  aboutHints: 'For whoever runs this server',
  agents: {
    sample_offline: 'Offline agent',
    sample_openai: 'OpenAI Realtime',
    sample_gemini: 'Gemini Live',
    remote: 'Remote agent',
  },
  faces: {
    wav2arkit: 'full-size face',
    embedded: 'embedded face',
    loudness: 'simple face',
    off: 'no face',
  },
  agentHints: {
    sample_offline:
      'It quotes a text and says back what you say. For a real conversation set OPENAI_API_KEY or GEMINI_API_KEY, then start the server again.',
  },
  agentAway: 'The agent could not be reached the last time it was tried. Is its key right?',
  agentBlind: 'It cannot look at pictures. Agents that can get a camera button here.',
  faceHints: {
    embedded: 'The lips can be better still with the full-size model: docs/face.md.',
    loudness: 'It follows loudness alone. The embedded model is missing or was switched off: docs/face.md.',
    off: 'FACE_ENGINE is off: only sound is sent.',
  },
  faceRests: 'A better face rests after failures; the server’s log says why.',
  developer: 'Developer’s view',
  close: 'Close',

  cameraErrors: {
    denied: 'The camera is not allowed. You can allow it in the browser’s address bar.',
    missing: 'No camera was found.',
    busy: 'The camera is in use by another program.',
    insecure: 'Browsers give the camera only to pages served over https, or from this computer.',
    lost: 'The camera is gone. Plug it in again, then switch it on.',
    unknown: 'The camera could not be opened.',
  },
  pictureFailed: 'No picture could be taken that can be sent.',
  errors: ENGLISH_ERROR_WORDS,
};
