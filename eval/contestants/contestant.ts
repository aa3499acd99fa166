import type { Clip } from '../material/clip.ts';
import type { Track } from '../track.ts';

/** Something that makes faces of sound. */
export interface Contestant {
  readonly name: string;
  /** What it makes of a clip that comes piece by piece, as from an agent. */
  animate(clip: Clip): Promise<Track>;
  /** What it makes of a clip that is there at once, where that is another thing. */
  readonly whole?: (clip: Clip) => Promise<Track>;
  /** Seconds of one core's time it has taken so far, where that can be told. */
  readonly cpuS?: () => number;
  /** Ends what it holds. */
  close(): Promise<void>;
}
