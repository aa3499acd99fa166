import { BLENDSHAPES } from './blendshapes.ts';
import { VISEMES } from './visemes.ts';

/** One 30th of a second (by default) of sound and the face that goes with it. */
export interface SyncFrame {
  readonly frameIndex: number;
  /** 52 weights in {@link BLENDSHAPES} order. Whatever is in it, what goes out is finite and within 0..1. */
  readonly weights: Float32Array;
  /** 15 weights in {@link VISEMES} order, where the field is to be there; the same holds for them. */
  readonly visemes?: Float32Array | undefined;
  /** Signed 16-bit little-endian mono. */
  readonly pcm: Int16Array;
  /** True for silence the server put in because the agent paused; absent on the wire when false. */
  readonly filler: boolean;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

const SCALE = 10_000;

/** "0" … "1" in steps of 0.0001: four decimals is what a face can show, and the look-up is cheaper than printing. */
const DECIMALS: readonly string[] = Array.from({ length: SCALE + 1 }, (_, step) => String(step / SCALE));

const WEIGHT_KEYS = keysOf(BLENDSHAPES);
const VISEME_KEYS = keysOf(VISEMES);

/**
 * Makes the encoder for one turn: the parts that never change are printed once.
 * Written by hand because this runs 30 times a second for every speaking session (`npm run bench` times it beside
 * JSON.stringify).
 *
 * @returns a function from a frame to the text of one WebSocket frame.
 */
export function syncFrameEncoder(sessionId: string, turnId: string): (frame: SyncFrame) => string {
  const ids = `,"sessionId":${JSON.stringify(sessionId)},"turnId":${JSON.stringify(turnId)},"frameIndex":`;
  return (frame) => {
    const { pcm } = frame;
    const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
    const filler = frame.filler ? ',"filler":true' : '';
    const visemes =
      frame.visemes === undefined ? '' : `,"visemes":${encodeWeights(VISEME_KEYS, frame.visemes)}`;
    return `{"type":"sync_frame","weights":${encodeWeights(WEIGHT_KEYS, frame.weights)}${visemes},"audio":"${audio}"${ids}${frame.frameIndex}${filler},"timestamp":${frame.timestamp}}`;
  };
}

/**
 * Makes the encoder for a turn without a face: `audio_chunk`, the documented way to send sound alone. The widget plays
 * none of it, so it goes out only where an operator has switched the face off.
 */
export function audioChunkEncoder(sessionId: string, turnId: string): (frame: SyncFrame) => string {
  return ({ pcm, timestamp }) => {
    const data = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
    return JSON.stringify({ type: 'audio_chunk', data, sessionId, turnId, timestamp });
  };
}

/** What is printed before each value of an object with these names. */
function keysOf(names: readonly string[]): readonly string[] {
  return names.map((name, index) => `${index === 0 ? '{' : ','}"${name}":`);
}

/** Weights as a JSON object, rounded to 4 decimals, clamped to 0..1; what is not a number becomes 0. */
function encodeWeights(keys: readonly string[], weights: Float32Array): string {
  let json = '';
  for (let index = 0; index < keys.length; index += 1) {
    const weight = weights[index] ?? 0;
    // NaN fails both comparisons and lands on 0.
    const step = weight > 0 ? (weight < 1 ? Math.round(weight * SCALE) : SCALE) : 0;
    json += `${keys[index]}${DECIMALS[step]}`;
  }
  return `${json}}`;
}
