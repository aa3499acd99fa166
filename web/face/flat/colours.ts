import type { Theme } from '../head/palette.js';

/** Puts a theme's colours where face.css looks for them. */
export function wearColours(drawing: SVGElement, theme: Theme): void {
  const {
    skin,
    blush,
    freckles,
    lips,
    hair,
    hairShine,
    lashes,
    brows,
    irisLit,
    irisShade,
    sweater,
    collar,
    earrings,
  } = theme;
  const colours: Readonly<Record<string, string>> = {
    'skin-lit': skin,
    'skin-shade': `color-mix(in srgb, ${skin} 75%, ${freckles})`,
    'hair-lit': `color-mix(in srgb, ${hair} 80%, ${hairShine})`,
    'hair-shade': `color-mix(in srgb, ${hair} 70%, black)`,
    'iris-lit': irisLit,
    'iris-shade': irisShade,
    ...{ blush, freckles, lips, lashes, brows, sweater, collar, earrings },
  };
  for (const [name, colour] of Object.entries(colours)) drawing.style.setProperty(`--${name}`, colour);
}
