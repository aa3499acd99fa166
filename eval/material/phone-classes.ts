import { VISEMES, type Viseme } from '../../src/protocol/visemes.ts';

/** The viseme of each phone that the synthesiser names (CMU's set for English). */
const MEMBERS: Readonly<Record<Viseme, string>> = {
  sil: 'pau h#',
  PP: 'p b m',
  FF: 'f v',
  TH: 'th dh',
  DD: 't d dx',
  kk: 'k g hh',
  CH: 'sh zh ch jh',
  SS: 's z',
  nn: 'n ng l el en',
  RR: 'r er axr',
  aa: 'aa ae ah ay aw',
  E: 'eh ey ax',
  I: 'iy ih ix y',
  O: 'ow ao oy',
  U: 'uw uh w',
};

const VISEME_OF = new Map(
  VISEMES.flatMap((viseme) => MEMBERS[viseme].split(' ').map((phone) => [phone, viseme] as const)),
);

/** Diphthongs end in another vowel than they begin with. */
const SECOND_HALF: Readonly<Record<string, Viseme>> = { ay: 'I', ey: 'I', oy: 'I', aw: 'U', ow: 'U' };

/** The viseme at a moment of a phone (0: its beginning, 1: its end). @throws RangeError as {@link visemeOf} does. */
export function visemeWithin(phone: string, share: number): Viseme {
  return (share > 0.5 ? SECOND_HALF[phone] : undefined) ?? visemeOf(phone);
}

/** The viseme of a phone. @throws RangeError for a name the set does not have. */
export function visemeOf(phone: string): Viseme {
  const viseme = VISEME_OF.get(phone);
  if (viseme === undefined) throw new RangeError(`no viseme for the phone ${phone}`);
  return viseme;
}
