import { SAMPLE_RATES } from '../protocol/sample-rates.ts';
import {
  choice,
  choices,
  decimal,
  flag,
  gains,
  integer,
  integerChoice,
  optionalInteger,
  text,
} from './variables.ts';

/** What can move the face. */
export const FACE_ENGINES = ['auto', 'wav2arkit', 'embedded', 'loudness', 'off'] as const;

/** What can be brought to life besides the mouth. */
export const LIVELY_GROUPS = ['blink', 'brow', 'squint', 'smile', 'asymmetry', 'gaze'] as const;

/** Frame rates a face can be sent at. */
export const FRAME_RATES = [24, 25, 30, 50, 60] as const;

/** The face and the sound, by group. */
export const FACE_SETTINGS = {
  Face: {
    FACE_ENGINE: choice(FACE_ENGINES, 'auto').describe(
      'Who moves the face: auto (wav2arkit if its file is there, else embedded), wav2arkit, embedded (the small model that comes with the server), loudness, off (sound alone, as audio_chunk)',
    ),
    ONNX_MODEL_PATH: text('./pretrained_models/wav2arkit_cpu.onnx').describe('The full-size face model'),
    FACE_READOUT: text('lam').describe(
      "How the embedded model's features become weights: lam (the product's avatars; this server's page and embed.js expect it), arkit (generic rigs), or a JSON file of yours (docs/face.md)",
    ),
    FACE_VISEMES: flag(false).describe('Send the 15 Oculus visemes with each frame, for other renderers'),
    FACE_IDENTITY: integer(11, 0, 11).describe('Speaking style, for models that take one: 0 to 11'),
    FACE_PROCESSES: optionalInteger(1, 64).describe(
      'Inference processes; unset: measured at the start, and one for the embedded model',
    ),
    FACE_THREADS: optionalInteger(1, 64).describe('Threads of each; unset: measured at the start'),
    FACE_ADMISSION: flag(true).describe(
      'Give answers beyond the measured capacity the plainer face from their start',
    ),
    FACE_HOLD_BACK_FRAMES: integer(3, 0, 6).describe(
      'How many frames at the end of a window the full-size model makes a second time, in the next window, once it has heard what follows them',
    ),
    FACE_SILENCE_DBFS: decimal(-50, -80, -20).describe('Below this loudness the mouth closes'),
    FACE_SMOOTHING: flag(true).describe('Smooth jitter away'),
    FACE_SYMMETRY: flag(true).describe('Move left and right alike'),
    FACE_CLOSURE_SHARPENING: decimal(1, 0, 1).describe('How far lips are helped to close at p, b, m: 0 to 1'),
    FACE_INTENSITY: decimal(1, 0, 4).describe(
      'How far the mouth opens: 1 as the model says, 1.5 half as far again',
    ),
    FACE_GAINS: gains().describe(
      'Weights to change: name=gain or name=gain+offset, comma-separated (mouthSmileLeft=1+0.1)',
    ),
    FACE_LIVELINESS: choices(LIVELY_GROUPS, ['brow', 'squint', 'smile', 'asymmetry']).describe(
      'What moves besides the mouth: blink, brow, squint, smile, asymmetry, gaze, comma-separated; none for nothing (the widget makes blink and gaze itself)',
    ),
    FACE_SMILE: decimal(0.15, 0, 1).describe('The smile under speech'),
    FACE_SEED: integer(1, 0, 2_147_483_647).describe(
      'Start of the random numbers behind FACE_LIVELINESS: servers with the same number move the face in the same way',
    ),
    WAV2ARKIT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 16_000).describe('Hz the face model listens at'),
    BLENDSHAPE_FPS: integerChoice(FRAME_RATES, 30).describe('Frames a second: 24, 25, 30, 50, 60'),
    AUDIO_CHUNK_DURATION: decimal(0.5, 0.05, 5).describe('Seconds of sound the face model takes at a time'),
  },
  Sound: {
    INPUT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 24_000).describe(
      "Hz the client's microphone is asked for",
    ),
    OUTPUT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 24_000).describe('Hz of the sound sent to the client'),
    PLAYOUT_LEAD_MS: integer(400, 0, 5000).describe('How far frames run ahead of real time (ms)'),
    TRANSCRIPT_CHARS_PER_SECOND: decimal(16, 1, 100).describe(
      'How many characters the offline or remote agent speaks in a second, as a guess: it times words whose sound has not arrived yet',
    ),
  },
} as const;
