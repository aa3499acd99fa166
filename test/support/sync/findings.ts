import { weightsOf } from './landmarks.ts';
import type { Picture, Recording } from './recorder.ts';
import { FRAMES_PER_SECOND, knownSound, SAMPLE_RATE, scored } from './score.ts';
import { placeAt, type Sounded, soundedOf } from './sounded.ts';

const FRAME_MS = 1000 / FRAMES_PER_SECOND;

/** From rest she has come to what is heard after this many samples. */
const SETTLED = 0.25 * SAMPLE_RATE;

/** A picture that was drawn while she spoke. All places are in frames of the answer. */
export interface Seen {
  readonly kind: Picture['kind'];
  /** The place that is drawn, and the one being heard when the drawing had been asked for. */
  readonly drawn: number;
  readonly heard: number;
  /** How much earlier the picture is than its sound (ms); below 0: later. */
  readonly aheadMs: number;
  /** What is drawn lies within this many frames of what was heard while it was being drawn, by the clock's plain readings. */
  readonly offBy: number;
  /** How far (share of the whole range) what is drawn is from anything that was sent. */
  readonly strangeness: number;
}

/** What a recording shows. */
export interface Findings {
  readonly sounded: Sounded;
  /** Frames that were to be heard. */
  readonly frames: number;
  readonly pictures: readonly Seen[];
  /** Frames of which a picture was drawn; frames that had a picture within one frame of them and of their sound. */
  readonly framesDrawn: number;
  readonly framesInTime: number;
}

/** Compares what was heard and drawn with the score of `seconds`. */
export function findingsOf(recording: Recording, seconds: number): Findings {
  const frames = seconds * FRAMES_PER_SECOND;
  const sounded = soundedOf(recording, knownSound(frames));
  const clock = audioClock(recording);
  const end = sounded.whole.at(-1)?.frame ?? 0;
  const pictures = recording.pictures.flatMap((picture): Seen[] => {
    if (recording.stopped !== undefined && picture.atMs >= recording.stopped.atMs) return [];
    const heard = placeAt(sounded, clock.heardAt(picture.atMs));
    // At both ends she comes from rest and goes to it.
    if (heard < 1 || heard > end - 1) return [];
    // As she does where the turn ran dry.
    const [first, last] = clock.bounds(picture);
    if (sounded.gaps.some(({ from, to }) => first < to + SETTLED && last > from)) return [];
    const { drawn, strangeness } = placeOf(picture, heard);
    const offBy = Math.max(0, placeAt(sounded, first) - drawn, drawn - placeAt(sounded, last));
    return [{ kind: picture.kind, drawn, heard, aheadMs: (drawn - heard) * FRAME_MS, offBy, strangeness }];
  });
  const inner = Array.from({ length: Math.max(0, end - 2) }, (_, at) => at + 1);
  const inTime = pictures.filter(({ aheadMs }) => Math.abs(aheadMs) <= FRAME_MS);
  return {
    sounded,
    frames,
    pictures,
    framesDrawn: inner.filter((frame) => pictures.some(({ drawn }) => Math.floor(drawn) === frame)).length,
    framesInTime: inner.filter((frame) => inTime.some(({ drawn }) => Math.abs(drawn - frame - 0.5) <= 1))
      .length,
  };
}

/** What followed a press of the stop button (ms after it); undefined: it never did. */
export interface AfterStop {
  /** The last sample that was not silence left the audio clock: after the page had dealt with the click. */
  readonly silentMs: number;
  /** The page said something else than `speaking`. */
  readonly toldMs: number | undefined;
  /** The mouth was as good as closed, and stayed so. */
  readonly closedMs: number | undefined;
}

/** A mouth that is open by less than this (weight of the jaw) is as good as closed. */
const CLOSED = 0.04;

/** @throws Error if the stop button was not pressed. */
export function afterStop(recording: Recording, { sounded }: Findings): AfterStop {
  const { stopped, pictures, states } = recording;
  if (stopped === undefined) throw new Error('nobody pressed the stop button');
  const told = states.find(({ atMs, state }) => atMs >= stopped.atMs && state !== 'speaking');
  const lastOpen = pictures.findLastIndex((picture) => weightsOf(picture).jaw >= CLOSED);
  const closed = pictures[lastOpen + 1];
  return {
    silentMs: (1000 * (sounded.lastAt - stopped.audioS * SAMPLE_RATE)) / SAMPLE_RATE,
    toldMs: told && told.atMs - stopped.atMs,
    closedMs: closed && closed.atMs - stopped.atMs,
  };
}

/** Readings of the clock this near (ms) say how it runs at a moment. */
const NEAR_MS = 2000;

interface AudioClock {
  /** The sample that is heard at a time of the page: as the clock runs. */
  heardAt(pageMs: number): number;
  /** The first and the last sample that may have been heard while a picture was asked for: as the clock was read. */
  bounds(picture: Picture): readonly [from: number, to: number];
}

/**
 * The audio clock out of its readings: it stands still between two pieces of sound, so that the latest readings are
 * right, and all others late. It runs as the page's does, to within the drift of a few seconds.
 */
function audioClock({ clocks }: Recording): AudioClock {
  const latencies = clocks.map(([, , latencyS]) => latencyS).sort((a, b) => a - b);
  const latencyS = latencies[latencies.length >> 1] ?? 0;
  return {
    heardAt: (pageMs) => {
      const near = clocks.filter(([atMs]) => Math.abs(atMs - pageMs) < NEAR_MS);
      const aheadS = Math.max(...near.map(([atMs, audioS]) => audioS - atMs / 1000));
      return (pageMs / 1000 + aheadS - latencyS) * SAMPLE_RATE;
    },
    bounds: ({ audioS: [before, after] }) => [
      (before - (latencies.at(-1) ?? 0)) * SAMPLE_RATE,
      (after - (latencies[0] ?? 0)) * SAMPLE_RATE,
    ],
  };
}

/** The place within half a period of `near` that looks most like a picture. */
function placeOf(picture: Picture, near: number): Pick<Seen, 'drawn' | 'strangeness'> {
  const { jaw, brows } = weightsOf(picture);
  let best = { drawn: near, strangeness: Number.POSITIVE_INFINITY };
  for (let place = Math.max(0, near - 7); place <= near + 7; place += 0.02) {
    const wanted = scored(place);
    const strangeness = Math.hypot((jaw - wanted.jaw) / 0.36, (brows - wanted.brows) / 0.8);
    if (strangeness < best.strangeness) best = { drawn: place, strangeness };
  }
  return best;
}
