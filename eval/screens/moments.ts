import type { Phone } from '../material/clip.ts';

/** A moment worth a picture: near the middle of a phone of a sentence that is typed into the page. */
export interface Moment {
  readonly sentence: string;
  /** The phone, as the synthesiser names it, and which of those in the sentence (from 0). */
  readonly phone: string;
  readonly place: number;
  /** What is to be seen. */
  readonly wanted: string;
}

/** The moments, in the order of the page. */
export const MOMENTS: readonly Moment[] = [
  { sentence: 'My mother made some jam.', phone: 'm', place: 1, wanted: 'm: lips meet' },
  { sentence: 'Bob bought a baby bear.', phone: 'b', place: 2, wanted: 'b: lips meet' },
  { sentence: 'A happy puppy plays.', phone: 'p', place: 2, wanted: 'p: lips meet' },
  { sentence: 'Four offers for a farm.', phone: 'f', place: 1, wanted: 'f: lip at the teeth' },
  { sentence: 'Go home slowly, Joe.', phone: 'ow', place: 1, wanted: 'o: round' },
  { sentence: 'Who knew you two?', phone: 'uw', place: 2, wanted: 'u: round, narrow' },
  { sentence: 'She sees three green trees.', phone: 'iy', place: 2, wanted: 'ee: spread' },
  { sentence: 'Calm cars are far apart.', phone: 'aa', place: 2, wanted: 'ah: open' },
  {
    sentence: 'Wait a moment. Then go on.',
    phone: 'pau',
    place: 1,
    wanted: 'a pause: at rest',
  },
];

/** When a moment's phone is near its middle (mouths are a little ahead of their sound), in seconds from the beginning of the sentence. @throws RangeError if it has none. */
export function timeOf({ phone, place, sentence }: Moment, phones: readonly Phone[]): number {
  const found = phones.filter((candidate) => candidate.name === phone)[place];
  if (found === undefined)
    throw new RangeError(
      `${sentence}: no ${phone} number ${place} in ${phones.map((one) => one.name).join(' ')}`,
    );
  return found.start + 0.4 * (found.end - found.start);
}
