/**
 * The 15 visemes of the Oculus lip-sync convention, in its usual order: what other renderers (VRM, Ready Player Me,
 * TalkingHead) are driven by. This order is the order of every visemes array in this server.
 */
export const VISEMES = [
  'sil',
  'PP',
  'FF',
  'TH',
  'DD',
  'kk',
  'CH',
  'SS',
  'nn',
  'RR',
  'aa',
  'E',
  'I',
  'O',
  'U',
] as const;

/** One of the 15 names. */
export type Viseme = (typeof VISEMES)[number];

/** How many there are: 15. */
export const VISEME_COUNT = VISEMES.length;

/** The visemes of silence. @returns a fresh array: all of `sil`. */
export function silentVisemes(): Float32Array {
  const visemes = new Float32Array(VISEME_COUNT);
  visemes[0] = 1;
  return visemes;
}
