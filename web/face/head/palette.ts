import type { Rgb } from './sculpture.js';

/** The colours of the avatar, as CSS hex (#rrggbb). Change them and she is somebody else (docs/face-of-the-page.md). */
export interface Theme {
  readonly skin: string;
  readonly blush: string;
  readonly freckles: string;
  readonly lips: string;
  readonly hair: string;
  readonly hairShine: string;
  readonly lashes: string;
  readonly brows: string;
  readonly irisLit: string;
  readonly irisShade: string;
  readonly sweater: string;
  readonly collar: string;
  readonly earrings: string;
}

/** Plum hair, sea-green eyes, freckles, a coral sweater. */
export const THEME: Theme = {
  skin: '#ffcfab',
  blush: '#f2716b',
  freckles: '#b8623f',
  lips: '#e46a74',
  hair: '#613a5e',
  hairShine: '#a86f97',
  lashes: '#35213c',
  brows: '#4a2d4e',
  irisLit: '#5fd0b8',
  irisShade: '#125450',
  sweater: '#ef7d5d',
  collar: '#f8967a',
  earrings: '#ffd166',
};

/** The same as numbers, and what never changes: teeth, the white of the eyes, the dark of the mouth. */
export interface Palette extends Readonly<Record<keyof Theme, Rgb>> {
  readonly mouth: Rgb;
  readonly gums: Rgb;
  readonly teeth: Rgb;
  readonly tongue: Rgb;
  readonly eyeWhite: Rgb;
  readonly pupil: Rgb;
}

/** The colours of a theme. @throws RangeError for what is not #rrggbb. */
export function paletteOf(theme: Theme): Palette {
  const colours = Object.entries(theme).map(([name, hex]) => [name, rgb(hex)] as const);
  return {
    ...(Object.fromEntries(colours) as Record<keyof Theme, Rgb>),
    mouth: rgb('#4f1529'),
    gums: rgb('#d9717c'),
    teeth: rgb('#fffaf0'),
    tongue: rgb('#ea7680'),
    eyeWhite: rgb('#fffdf7'),
    pupil: rgb('#1a1222'),
  };
}

/** Red, green and blue, 0..1, of #rrggbb. */
export function rgb(hex: string): Rgb {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (digits === null) throw new RangeError(`not a colour: ${hex}`);
  const [red, green, blue] = digits.slice(1).map((pair) => Number.parseInt(pair, 16) / 255);
  return [red ?? 0, green ?? 0, blue ?? 0];
}
