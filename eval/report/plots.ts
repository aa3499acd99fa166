import { type Clip, FPS } from '../material/clip.ts';
import { visemeOf } from '../material/phone-classes.ts';
import type { Result } from '../result.ts';
import { aperture, channelOf, MOUTH_CHANNELS } from '../track.ts';

/** Colours that stay apart for colour-blind eyes and on light and dark grounds (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const INK = '#7a7a7a';
const FONT = 'font-family="sans-serif" font-size="11"';

/** Bars: how like the full-size model each channel is, a colour for each contestant. */
export function correlationBars(results: readonly Result[]): string {
  const [groupWidth, height, top, left] = [66, 180, 40, 40];
  const width = left + groupWidth * MOUTH_CHANNELS.length + 10;
  const y = (r: number) => top + height * (1 - Math.max(-0.2, r) / 1) * (1 / 1.2);
  const barWidth = (groupWidth - 12) / results.length;
  const bars = MOUTH_CHANNELS.flatMap((channel, group) =>
    results.map(({ resemblance }, place) => {
      const r = resemblance?.channels[channel] ?? 0;
      const x = left + group * groupWidth + place * barWidth;
      const [from, to] = [Math.min(y(0), y(r)), Math.max(y(0), y(r))];
      return `<rect x="${x.toFixed(1)}" y="${from.toFixed(1)}" width="${(barWidth - 1).toFixed(1)}" height="${(to - from).toFixed(1)}" fill="${COLOURS[place]}"/>`;
    }),
  );
  const names = MOUTH_CHANNELS.map((channel, group) => {
    const x = left + (group + 0.5) * groupWidth - 6;
    const y = top + height + 14 + (group % 2) * 13;
    return text(x, y, channel, 'middle');
  });
  const lines = [0, 0.25, 0.5, 0.75].map(
    (r) =>
      `<line x1="${left}" x2="${width}" y1="${y(r).toFixed(1)}" y2="${y(r).toFixed(1)}" stroke="${INK}" stroke-opacity=".35"/>${text(left - 6, y(r) + 4, r.toFixed(2), 'end')}`,
  );
  return svg('Correlation with the full-size model by channel', width, top + height + 36, [
    ...lines,
    ...bars,
    ...names,
    legend(results, left),
  ]);
}

/** What a panel of {@link trackPlot} shows of a face. */
const PANELS = [
  { name: 'aperture', of: aperture },
  {
    name: 'pucker + funnel',
    of: (weights: Float32Array) => channelOf(weights, 'mouthPucker') + channelOf(weights, 'mouthFunnel'),
  },
  { name: 'stretch', of: (weights: Float32Array) => channelOf(weights, 'mouthStretch') },
] as const;

/** Curves over the first seconds of a clip, the bilabials shaded and the phones named. */
export function trackPlot(clip: Clip, results: readonly Result[], seconds: number): string {
  const [left, top, panelHeight, gap, scale] = [110, 40, 80, 14, 230];
  const width = left + seconds * scale + 10;
  const bottom = top + PANELS.length * (panelHeight + gap);
  const phones = (clip.phones ?? []).filter(({ start }) => start < seconds);
  const x = (second: number) => left + Math.min(seconds, second) * scale;
  const shades = phones
    .filter(({ name }) => visemeOf(name) === 'PP')
    .map(
      ({ start, end }) =>
        `<rect x="${x(start).toFixed(1)}" y="${top}" width="${(x(end) - x(start)).toFixed(1)}" height="${bottom - top - gap}" fill="${INK}" fill-opacity=".2"/>`,
    );
  const curves = PANELS.flatMap(({ name, of }, panel) => {
    const base = top + panel * (panelHeight + gap) + panelHeight;
    const lines = results.map(({ tracks }, place) => {
      const values = (tracks[0]?.weights ?? []).slice(0, seconds * FPS).map(of);
      const most = Math.max(1e-3, ...(tracks[0]?.weights ?? []).map(of)); // each in its own size: the shape counts
      const points = values.map(
        (value, frame) =>
          `${x((frame + 0.5) / FPS).toFixed(1)},${(base - (value / most) * panelHeight).toFixed(1)}`,
      );
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${COLOURS[place]}" stroke-width="1.5"/>`;
    });
    return [text(left - 8, base - panelHeight / 2, name, 'end'), ...lines];
  });
  const names = phones
    .filter(({ name }) => name !== 'pau')
    .map(({ name, start, end }) => text((x(start) + x(end)) / 2, bottom + 2, name, 'middle'));
  return svg('The mouth over time', width, bottom + 14, [
    ...shades,
    ...curves,
    ...names,
    legend(results, left),
  ]);
}

function legend(results: readonly Result[], left: number): string {
  return results
    .map(
      ({ name }, place) =>
        `<rect x="${left + place * 150}" y="10" width="12" height="12" fill="${COLOURS[place]}"/>${text(left + place * 150 + 18, 20, name, 'start')}`,
    )
    .join('');
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${INK}">${words}</text>`;
}

function svg(title: string, width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" ${FONT}>\n<title>${title}</title>\n${parts.join('\n')}\n</svg>\n`;
}
