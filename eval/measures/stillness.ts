import { rms, toDbfs } from '../../src/audio/pcm.ts';
import { type Clip, frameCount, frameSound } from '../material/clip.ts';
import { mean } from '../statistics.ts';
import { aperture, type Track } from '../track.ts';

/** What a mouth does where nobody speaks. */
export interface Stillness {
  /** Mean aperture there. */
  readonly aperture: number;
  /** Mean change of it from frame to frame. */
  readonly change: number;
}

/** Below this a frame is quiet. */
const QUIET_DBFS = -50;

/** Quiet for so long before (250 ms), and for so long after (133 ms, in which a mouth may open ahead of its sound). */
const FRAMES_BEFORE = 8;
const FRAMES_AFTER = 4;

/** Looks at the frames in the middle of silence. */
export function stillness(clips: readonly Clip[], tracks: readonly Track[]): Stillness {
  const open: number[] = [];
  const changes: number[] = [];
  for (const [place, clip] of clips.entries()) {
    const mouth = tracks[place]?.weights.map(aperture) ?? [];
    const quiet = Array.from(
      { length: frameCount(clip) },
      (_, frame) => toDbfs(rms(frameSound(clip, frame))) < QUIET_DBFS,
    );
    for (let frame = FRAMES_BEFORE; frame < mouth.length - FRAMES_AFTER; frame += 1) {
      if (!quiet.slice(frame - FRAMES_BEFORE, frame + FRAMES_AFTER + 1).every(Boolean)) continue;
      open.push(mouth[frame] ?? 0);
      changes.push(Math.abs((mouth[frame] ?? 0) - (mouth[frame - 1] ?? 0)));
    }
  }
  return { aperture: mean(open), change: mean(changes) };
}
