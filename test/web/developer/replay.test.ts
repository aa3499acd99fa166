import '../../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HeardFrame, TurnEnd } from '../../../client/src/index.ts';
import { recordingOf, soundOf } from './said.ts';

const { Replay } = await import('../../../web/developer/replay.ts');

/** Plays a recording to its end. */
async function heardOf(
  recording: ReturnType<typeof recordingOf>,
  during?: (replay: InstanceType<typeof Replay>) => void,
) {
  const frames: HeardFrame[] = [];
  const ends: TurnEnd[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let over = 0;
  const replay = new Replay(
    recording,
    {
      onFrame: (frame) => {
        frames.push(frame);
        during?.(replay);
      },
      onUnderrun: () => undefined,
      onTurnEnd: (end) => ends.push(end),
      onEnd: () => {
        over += 1;
        resolve();
      },
    },
    'none',
  );
  await promise;
  return { replay, frames, ends, over: () => over };
}

describe('a replay', () => {
  it('is heard as it was said: each frame once, with its sound and its weights, at its place', async () => {
    const { frames, ends, replay, over } = await heardOf(recordingOf([6, 4]));
    assert.deepEqual(
      frames.map(({ turnId, offsetMs, weights }) => [turnId, Math.round(offsetMs), weights.jawOpen]),
      [
        ...[0, 33, 67, 100, 133, 167].map((offsetMs, place) => ['turn-0', offsetMs, place / 1000]),
        ...[0, 33, 67, 100].map((offsetMs, place) => ['turn-1', offsetMs, place / 1000]),
      ],
    );
    assert.deepEqual([...(frames[7]?.pcm ?? [])], [...soundOf(1, 1)]);
    assert.deepEqual(
      ends.map(({ turnId, heardMs, cut }) => [turnId, Math.round(heardMs), cut]),
      [
        ['turn-0', 200, false],
        ['turn-1', 133, false],
      ],
    );
    assert.equal(over(), 1);
    assert.equal(replay.player.speaking, false);
  });

  it('breaks off what the listener had broken off', async () => {
    const recording = recordingOf([60]);
    const interrupt = { atMs: 200, direction: 'sent', data: '{"type":"interrupt"}' } as const;
    const { ends } = await heardOf({ ...recording, messages: [...recording.messages, interrupt] });
    assert.deepEqual([ends.length, ends[0]?.cut], [1, true]);
    assert.ok((ends[0]?.heardMs ?? 0) < 1000);
  });

  it('plays what there is of an answer that was not recorded to its end', async () => {
    const recording = recordingOf([8]);
    const messages = recording.messages.filter(({ data }) => !data.includes('audio_end'));
    const { frames, ends } = await heardOf({ ...recording, messages });
    assert.deepEqual([frames.length, ends[0]?.cut], [8, false]);
  });

  it('falls silent at once when it is stopped, and says so once', async () => {
    const { frames, over } = await heardOf(recordingOf([90]), (replay) => replay.stop());
    assert.equal(frames.length, 1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual([frames.length, over()], [1, 1]);
  });

  it('survives a recording of nonsense', async () => {
    const recording = recordingOf([2]);
    const garbage = [
      '',
      '{',
      '[]',
      '{"type":"sync_frame"}',
      '{"type":"config","audio":7}',
      '{"type":"avatar_state"}',
    ];
    const messages = garbage.map(
      (data) => ({ atMs: recording.durationMs, direction: 'received', data }) as const,
    );
    const { frames } = await heardOf({ ...recording, messages: [...recording.messages, ...messages] });
    assert.equal(frames.length, 2);
  });
});
