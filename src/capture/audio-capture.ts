import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HEADER_BYTES } from '../audio/wav.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Observe, type Observer, observeSessions, type SessionIds } from '../session/observer.ts';
import type { Clock } from '../time/clock.ts';
import { WavRecording } from './wav-recording.ts';

/** One file may take this share of what the folder may hold. */
const FILE_SHARE = 0.1;

/** What {@link startAudioCapture} needs. */
export interface CaptureOptions {
  /** Made if it is not there. */
  readonly folder: string;
  /** The WAV files in the folder may have so many bytes together, those from before included. Nothing is ever deleted. */
  readonly maxBytes: number;
  /** Hz of what is sent to clients. */
  readonly outputRate: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Less room (bytes) than this in the folder is none: no more files are begun. */
const LEAST_ROOM_BYTES = 16 * 1024;

/** Where a side's sound goes. */
type Recording = Pick<WavRecording, 'push' | 'end'>;

const NO_RECORDING: Recording = { push: () => undefined, end: () => Promise.resolve() };

/** Writes what is heard in conversations to files. */
export interface AudioCapture {
  readonly observer: Observer;
  /** Ends every file; resolves when all are complete. */
  close(): Promise<void>;
}

/**
 * Writes two WAV files for each conversation in which there is sound: what the client sent, at its rate (one more file
 * each time it changes that), and what was sent to it. Pauses in which nothing came are not in them.
 *
 * @throws ConfigError if the folder cannot be used.
 */
export async function startAudioCapture(options: CaptureOptions): Promise<AudioCapture> {
  const { maxBytes, clock, log } = options;
  const folder = resolve(options.folder);
  let roomBytes = maxBytes - (await usedBytes(folder));
  log.warn({ folder, maxBytes, roomBytes }, 'DEBUG_AUDIO_CAPTURE: what users say is written to files');
  const recordings = new Set<Recording>();
  let fullTold = false;

  const record = (name: string, sampleRate: number, sessionLog: Logger): Recording => {
    if (roomBytes < LEAST_ROOM_BYTES) {
      if (!fullTold) log.warn({ folder, maxBytes }, 'the folder for recordings is full: no more are made');
      fullTold = true;
      return NO_RECORDING;
    }
    let fileRoomBytes = Math.floor(maxBytes * FILE_SHARE) - HEADER_BYTES;
    roomBytes -= HEADER_BYTES;
    const recording = new WavRecording({
      path: join(folder, name),
      sampleRate,
      clock,
      takeRoom: (bytes) => {
        if (bytes > Math.min(fileRoomBytes, roomBytes)) return false;
        fileRoomBytes -= bytes;
        roomBytes -= bytes;
        return true;
      },
      onGap: (gap) => {
        const { kind, ...details } = gap.kind === 'failed' ? { kind: gap.kind, err: gap.cause } : gap;
        sessionLog.warn({ file: name, why: kind, ...details }, 'a recording is not complete');
      },
    });
    recordings.add(recording);
    return recording;
  };
  const end = (recording: Recording | undefined) => {
    if (recording !== undefined) void recording.end().then(() => recordings.delete(recording));
  };

  return {
    observer: observeSessions((ids) => observeSession({ ids, record, end, options })),
    close: async () => {
      await Promise.all([...recordings].map((recording) => recording.end()));
    },
  };
}

function observeSession({
  ids,
  record,
  end,
  options: { clock, log, outputRate },
}: {
  readonly ids: SessionIds;
  readonly record: (name: string, sampleRate: number, log: Logger) => Recording;
  readonly end: (recording: Recording | undefined) => void;
  readonly options: CaptureOptions;
}): Observe {
  const { sessionId } = ids;
  const sessionLog = log.child({ ...ids });
  const beganAt = new Date(clock.wallNow()).toISOString().replaceAll(/[:.]/g, '-');
  const name = (side: string) => `${beganAt}_${sessionId}_${side}.wav`;
  let inputs = 0;
  let input: { readonly sampleRate: number; readonly recording: Recording } | undefined;
  let output: Recording | undefined;
  return (event) => {
    switch (event.type) {
      case 'heard':
        if (input?.sampleRate !== event.sampleRate) {
          end(input?.recording);
          inputs += 1;
          const { sampleRate } = event;
          const side = inputs === 1 ? 'client' : `client-${inputs}`;
          input = { sampleRate, recording: record(name(side), sampleRate, sessionLog) };
        }
        input.recording.push(event.pcm);
        break;
      case 'frame':
        output ??= record(name('server'), outputRate, sessionLog);
        output.push(event.pcm);
        break;
      case 'session_over':
        end(input?.recording);
        end(output);
        break;
    }
  };
}

async function usedBytes(folder: string): Promise<number> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = (await readdir(folder)).filter((file) => file.endsWith('.wav'));
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`DEBUG_AUDIO_CAPTURE_DIR: expected a folder that can be written (${code})`]);
  }
}
