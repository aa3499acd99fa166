import { deepStrictEqual } from 'node:assert';
import { createResampler } from '../../src/audio/resampler.ts';
import { loudnessAnimator } from '../../src/face/loudness/loudness-animator.ts';
import { BLENDSHAPES } from '../../src/protocol/blendshapes.ts';
import { type SyncFrame, syncFrameEncoder } from '../../src/protocol/sync-frame.ts';
import type { Figure, Row } from '../figure.ts';
import { pairedUs } from '../paired.ts';
import { voice } from '../voice.ts';

const WIRE_RATE = 24_000;
const FPS = 30;
const PIECE_MS = 100;
const SAY = voice(WIRE_RATE);
const IDS = { sessionId: '3f0c7a7e-6f0e-4f5c-9d54-0d8f5a8f3a11', turnId: 'turn_1795440000000_12345678' };

/** What the work on each frame and on each second of sound costs. */
export const encode: Figure = {
  name: 'encode',
  title: 'Work of one core on frames and sound (median of 41 paired rounds)',
  run: async () => [...(await frameRows()), ...(await resamplerRows()), await faceRow()],
};

async function frameRows(): Promise<Row[]> {
  const byHand = syncFrameEncoder(IDS.sessionId, IDS.turnId);
  const frames = await someFrames();
  for (const frame of frames) deepStrictEqual(JSON.parse(byHand(frame)), plainFrame(frame));
  const plain = frames.map(plainFrame);
  // As bytes, as the socket wants them: a string that was only added up would not have been put together yet.
  const each =
    <Item>(items: readonly Item[], work: (item: Item) => string) =>
    (times: number) => {
      for (let time = 0; time < times; time += 1) Buffer.from(work(items[time % items.length] as Item));
    };
  const us = await pairedUs(
    {
      ours: each(frames, byHand),
      stringify: each(plain, (message) => JSON.stringify(message)),
      build: each(frames, (frame) => JSON.stringify(plainFrame(frame))),
    },
    1500,
  );
  return [
    {
      what: 'a sync_frame from weights and samples (µs)',
      measured: us.ours.toFixed(1),
      floor: `${us.build.toFixed(1)} with JSON.stringify, ${(us.build / us.ours).toFixed(1)} x`,
    },
    {
      what: 'a sync_frame whose object is there already (µs)',
      measured: us.ours.toFixed(1),
      floor: `${us.stringify.toFixed(1)} with JSON.stringify, ${(us.stringify / us.ours).toFixed(1)} x`,
    },
  ];
}

async function resamplerRows(): Promise<Row[]> {
  const works = {
    '24 kHz to 16 kHz': secondOfSound(24_000, 16_000),
    '16 kHz to 24 kHz': secondOfSound(16_000, 24_000),
    '48 kHz to 16 kHz': secondOfSound(48_000, 16_000),
  };
  const us = await pairedUs(works, 5);
  return Object.entries(us).map(([rates, each]) => ({
    what: `resampling a second of sound, ${rates} (µs)`,
    measured: each.toFixed(0),
  }));
}

function secondOfSound(fromRate: number, toRate: number): (times: number) => void {
  const resampler = createResampler(fromRate, toRate);
  const piece = voice(fromRate)(0, PIECE_MS);
  return (times) => {
    for (let count = 0; count < (times * 1000) / PIECE_MS; count += 1) resampler.push(piece);
  };
}

async function faceRow(): Promise<Row> {
  const us = await pairedUs({ face: (times) => animate(times).then(() => undefined) }, 300);
  return { what: 'a frame of the loudness face (µs)', measured: us.face.toFixed(1) };
}

/** So many frames of the loudness face. */
async function animate(frames: number): Promise<Float32Array[]> {
  const stream = loudnessAnimator().open({ sampleRate: WIRE_RATE, signal: new AbortController().signal });
  stream.push(SAY(0, (frames * 1000) / FPS));
  stream.end();
  const weights: Float32Array[] = [];
  for await (const frame of stream.frames) weights.push(frame.weights);
  return weights;
}

async function someFrames(): Promise<SyncFrame[]> {
  return (await animate(90)).map((weights, frameIndex) => ({
    frameIndex,
    weights,
    pcm: SAY((frameIndex * 1000) / FPS, 1000 / FPS),
    filler: false,
    timestamp: Date.now(),
  }));
}

/** The same message as an object: what a program without an encoder of its own would build. */
function plainFrame({ frameIndex, weights, pcm, timestamp }: SyncFrame) {
  const named: Record<string, number> = {};
  for (const [index, name] of BLENDSHAPES.entries()) {
    named[name] = Math.round((weights[index] ?? 0) * 10_000) / 10_000;
  }
  const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  return { type: 'sync_frame', weights: named, audio, ...IDS, frameIndex, timestamp };
}
