import type { Theme } from './palette.js';

/** The paint's size in pixels: the face on the left half, the iris on the right. */
const WIDTH = 1024;
const HEIGHT = 512;

/** Freckles on one cheek: across and down from its middle, and their size, in pixels. */
const FRECKLES = [
  [-22, -4, 2.4],
  [-8, 4, 2],
  [-32, 6, 1.9],
  [8, -3, 2.2],
  [-14, 14, 1.8],
  [20, 5, 1.8],
  [3, 13, 1.6],
] as const;

/** Paints what lies on the skin (it is multiplied with its colour) and the iris. */
export function paint(theme: Theme): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser cannot draw');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  paintFace(context, theme);
  paintIris(context, theme);
  return canvas;
}

/** A point of the face in pixels. See skinPaint in skin.ts. */
function onFace(x: number, y: number): readonly [number, number] {
  return [WIDTH * (0.25 + 0.25 * x), HEIGHT * (0.5 - 0.48 * y)];
}

function paintFace(context: CanvasRenderingContext2D, theme: Theme): void {
  for (const side of [-1, 1]) {
    glow(context, onFace(side * 0.46, -0.3), 74, theme.blush, 0.42);
    const [x, y] = onFace(side * 0.4, -0.24);
    context.fillStyle = theme.freckles;
    context.globalAlpha = 0.5;
    for (const [across, down, size] of FRECKLES) {
      context.beginPath();
      context.arc(x - side * across, y + down, size, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }
  glow(context, onFace(0, -0.26), 30, theme.blush, 0.22);
  for (const side of [-1, 1]) glow(context, onFace(side * 0.052, -0.318), 9, theme.freckles, 0.6);
  glow(context, onFace(0, -0.97), 50, theme.blush, 0.12);
}

function glow(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  radius: number,
  colour: string,
  strength: number,
): void {
  const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
  for (const [at, share] of [
    [0, 1],
    [0.35, 0.72],
    [0.7, 0.2],
    [1, 0],
  ] as const) {
    gradient.addColorStop(
      at,
      `${colour}${Math.round(255 * strength * share)
        .toString(16)
        .padStart(2, '0')}`,
    );
  }
  context.fillStyle = gradient;
  context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}

function paintIris(context: CanvasRenderingContext2D, theme: Theme): void {
  const [x, y, radius] = [0.75 * WIDTH, 0.5 * HEIGHT, 0.47 * HEIGHT];
  const disc = (size: number, fill: string | CanvasGradient, down = 0) => {
    context.fillStyle = fill;
    context.beginPath();
    context.arc(x, y + down, size, 0, 2 * Math.PI);
    context.fill();
  };
  disc(1.04 * radius, theme.irisShade);
  const lit = context.createRadialGradient(
    x,
    y + 0.42 * radius,
    0.05 * radius,
    x,
    y + 0.1 * radius,
    0.98 * radius,
  );
  lit.addColorStop(0, theme.irisLit);
  lit.addColorStop(1, theme.irisShade);
  disc(0.93 * radius, lit);
  context.strokeStyle = theme.irisLit;
  context.lineWidth = 5;
  context.globalAlpha = 0.28;
  for (let ray = 0; ray < 40; ray += 1) {
    const angle = (2 * Math.PI * ray) / 40;
    const [from, to] = [0.45 * radius, (0.72 + 0.1 * (ray % 3)) * radius];
    context.beginPath();
    context.moveTo(x + from * Math.cos(angle), y + from * Math.sin(angle));
    context.lineTo(x + to * Math.cos(angle), y + to * Math.sin(angle));
    context.stroke();
  }
  context.globalAlpha = 1;
  disc(0.47 * radius, '#1a1222');
}
