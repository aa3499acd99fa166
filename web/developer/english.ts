import type { DeveloperWords } from './words.js';

export const ENGLISH: DeveloperWords = {
  timeline: 'Sound and mouth',
  timelineEmpty: 'Nothing has been heard yet. Ask something.',
  timelineHelp: 'The last six seconds heard. Point at them, or use the arrow keys, to read values.',
  sound: 'sound',
  aperture: 'aperture',
  jaw: 'jaw',
  rounding: 'rounding',
  level: 'level',
  lipsClosed: 'lips closed',
  silence: 'silence',
  turn: 'turn',
  marks: { start: 'start', end: 'end', cut: 'interrupted', underrun: 'underrun' },

  weights: 'Weights',
  parts: { brows: 'Brows', eyes: 'Eyes', jaw: 'Jaw', mouth: 'Mouth', cheeks: 'Cheeks, nose, tongue' },
  left: 'left',
  right: 'right',
  visemes: 'Visemes',

  numbers: 'Numbers',
  figures: {
    firstFrame: {
      name: 'First frame',
      meaning: 'From the end of the question to the arrival of the first frame of the answer.',
    },
    firstSound: {
      name: 'First sound',
      meaning: 'From the end of the question to the first sound that is heard, with the way to the ear.',
    },
    lead: {
      name: 'Lead',
      meaning:
        'Sound that lies ready ahead of what is played. Now; and of a turn the least there was when a frame came.',
    },
    jitter: {
      name: 'Jitter',
      meaning: 'How much later than the punctual ones frames come: 95 of 100 are less late than this.',
    },
    missing: {
      name: 'Lost · double · late',
      meaning:
        'Frames that never came; that came twice; that came when everything before them had been played already.',
    },
    underruns: {
      name: 'Underruns',
      meaning: 'How often the sound of a turn ran dry, paused and went on.',
    },
    roundTrip: {
      name: 'Round trip',
      meaning:
        'From a ping to its pong: the last one. It is asked for every five seconds while this is open.',
    },
    pictures: {
      name: 'Pictures',
      meaning: 'How many pictures a second the page draws.',
    },
    faults: {
      name: 'Faults',
      meaning: 'What the server sent that it should not have, by kind, since this was opened.',
    },
  },
  asked: {
    text: 'counted from the text that was sent',
    speech_end: 'counted from the end of the microphone’s sound',
    echo: 'counted from the server’s echo of what was spoken',
  },
  meanings: 'What the numbers mean',
  history: 'The last turns',
  columns: { turn: 'Turn', length: 'Heard', end: 'End' },
  states: { coming: 'running', heard: 'heard', cut: 'cut' },
  none: 'none',

  messages: 'Messages',
  show: 'Show',
  everything: 'everything',
  sent: 'sent',
  received: 'received',
  pause: 'Pause',
  clear: 'Clear',
  copy: 'Copy the whole message',
  copied: 'Copied',
  copyFailed: 'The browser does not allow to copy',
  waiting: (count) => `${count} more while paused`,

  recording: 'Recording',
  record: 'Record',
  stopRecording: 'Stop recording',
  play: 'Play',
  stopPlaying: 'Stop',
  saveSound: 'Save the sound (WAV)',
  saveAll: 'Save everything (JSON)',
  open: 'Open …',
  recordingHint: 'Record what is said, save it, and play it back through this face.',
  recordingNow: (seconds, megabytes, mostMinutes) =>
    `Recording: ${seconds} s, ${megabytes} MB (at most ${mostMinutes} min)`,
  recordingFull: 'The recording is full and has ended.',
  recorded: (turns, seconds) => `${turns === 1 ? '1 turn' : `${turns} turns`}, ${seconds} s of sound`,
  nothingRecorded: 'No answer came while it was recorded.',
  playing: 'Plays the recording …',
  endedByAnswer: 'Stopped: an answer begins.',
  speaksNow: 'It can be played when nothing else is spoken.',
  fileProblems: {
    too_large: 'This file is too large for a recording.',
    not_json: 'This file is no JSON.',
    not_a_recording: 'This file is no recording of this view.',
    other_version: 'This recording was made by another version of this view.',
    damaged: 'This recording is damaged.',
    empty: 'There is no answer in this recording.',
    unreadable: 'This file cannot be read.',
  },
};
