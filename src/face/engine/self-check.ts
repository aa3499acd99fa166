import { BLENDSHAPE_COUNT, BLENDSHAPE_INDEX } from '../../protocol/blendshapes.ts';
import { APPLE_ORDER, type ColumnOrder, LAM_ORDER, orderOf, sameOrder } from './column-order.ts';

/** The formants of an open vowel /a:/ and their widths, in Hz. */
const FORMANTS = [
  { hz: 730, widthHz: 80 },
  { hz: 1090, widthHz: 90 },
  { hz: 2440, widthHz: 120 },
] as const;
const PITCH_HZ = 120;
const PEAK = 0.4;

/** The columns that open the mouth are looked for among this many that the vowel moves most. */
const MOST_MOVED = 6;

/** What moves less than this between silence and a vowel says nothing about the columns. */
const LEAST_MOVE = 0.02;

/** A synthetic open vowel, -1..1: opens any mouth that can hear. */
export function testVowel(samples: number, sampleRate: number): Float32Array {
  let sound = new Float32Array(samples);
  const period = Math.round(sampleRate / PITCH_HZ);
  for (let at = 0; at < samples; at += period) sound[at] = 1;
  for (const formant of FORMANTS) sound = resonate(sound, formant, sampleRate);
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  return sound.map((sample) => (sample * PEAK) / peak);
}

function resonate(
  sound: Float32Array,
  { hz, widthHz }: (typeof FORMANTS)[number],
  sampleRate: number,
): Float32Array<ArrayBuffer> {
  const radius = Math.exp((-Math.PI * widthHz) / sampleRate);
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / sampleRate);
  let before = 0;
  let beforeThat = 0;
  return Float32Array.from(sound, (sample) => {
    const out = sample + turn * before - radius * radius * beforeThat;
    beforeThat = before;
    before = out;
    return out;
  });
}

/** What order a model's columns are in, and what an operator should know about it. */
export interface ColumnVerdict {
  readonly order: ColumnOrder;
  readonly warnings: readonly string[];
}

/**
 * Tells the order of a model's columns: by what a vowel moves if that is clear, else by the names that came with the
 * model, else the order of the known models.
 *
 * @param vowel raw weights of {@link testVowel}, row by row; `silence` those of silence.
 * @param names the column names that came with the model, unjudged; undefined where none did.
 */
export function judgeColumns(vowel: Float32Array, silence: Float32Array, names: unknown): ColumnVerdict {
  const named = orderOf(names);
  const warnings: string[] = [];
  if (names !== undefined && named === undefined)
    warnings.push('blendshape_names in the config.json beside the model are not the 52 names; ignored');
  const heard = heardOrder(vowel, silence);
  if (heard === undefined) warnings.push('a test vowel does not open its mouth; is it a model of faces?');
  const namedFits = named !== undefined && (heard === undefined || openingBy(named, vowel, silence) > 0);
  if (named !== undefined && !namedFits)
    warnings.push('the config.json beside it names the columns in another order than a test vowel shows');
  const order = namedFits ? named : (heard ?? LAM_ORDER);
  if (sameOrder(order, APPLE_ORDER)) warnings.push("its columns are in Apple's order; they are rearranged");
  return { order, warnings };
}

function heardOrder(vowel: Float32Array, silence: Float32Array): ColumnOrder | undefined {
  const usual = openingBy(LAM_ORDER, vowel, silence);
  const apple = openingBy(APPLE_ORDER, vowel, silence);
  if (usual === 0 && apple === 0) return undefined;
  return apple > usual ? APPLE_ORDER : LAM_ORDER;
}

/** How much the vowel opens the mouth, read in this order; 0 unless that is among what it moves most. */
function openingBy(order: ColumnOrder, vowel: Float32Array, silence: Float32Array): number {
  const moves = movedBy(vowel, silence);
  const most = [...moves].sort((a, b) => b - a)[MOST_MOVED - 1] ?? 0;
  const move = (index: number) => moves[order[index] ?? -1] ?? 0;
  const lip = Math.min(move(BLENDSHAPE_INDEX.mouthLowerDownLeft), move(BLENDSHAPE_INDEX.mouthLowerDownRight));
  const opening = Math.max(move(BLENDSHAPE_INDEX.jawOpen), lip);
  return opening >= Math.max(most, LEAST_MOVE) ? opening : 0;
}

/** Mean difference of each column between the two. */
function movedBy(vowel: Float32Array, silence: Float32Array): number[] {
  const sums = new Array<number>(BLENDSHAPE_COUNT).fill(0);
  vowel.forEach((weight, at) => {
    const column = at % BLENDSHAPE_COUNT;
    sums[column] = (sums[column] ?? 0) + weight - (silence[at] ?? 0);
  });
  return sums.map((sum) => (sum * BLENDSHAPE_COUNT) / vowel.length);
}
