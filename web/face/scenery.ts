import { svg } from '../html.js';

/** What is behind every face: a round window with the sky in it. The faces look out of it at the top. */
export function drawBehind(): SVGElement {
  return svg(
    'svg',
    { class: 'behind', viewBox: '10 20 460 480', 'aria-hidden': 'true' },
    svg(
      'defs',
      {},
      svg(
        'linearGradient',
        { id: 'sky', x1: '0', y1: '0', x2: '0.4', y2: 1 },
        svg('stop', { class: 'sky-high', offset: '0' }),
        svg('stop', { class: 'sky-low', offset: 1 }),
      ),
    ),
    svg('circle', { class: 'sky', cx: 240, cy: 270, r: 220 }),
    svg(
      'g',
      { class: 'stars' },
      svg('circle', { cx: 92, cy: 190, r: 2.4 }),
      svg('circle', { cx: 128, cy: 118, r: 1.8 }),
      svg('circle', { cx: 398, cy: 214, r: 2.2 }),
      svg('circle', { cx: 362, cy: 130, r: 2.8 }),
      svg('circle', { cx: 420, cy: 300, r: 1.8 }),
      svg('circle', { cx: 66, cy: 290, r: 2 }),
    ),
  );
}

/** What is before every face: what one sees of sleep. */
export function drawBefore(): SVGElement {
  return svg(
    'svg',
    { class: 'before', viewBox: '10 20 460 480', 'aria-hidden': 'true' },
    svg(
      'g',
      { class: 'snores' },
      svg('text', { x: 350, y: 150 }, 'z'),
      svg('text', { x: 374, y: 118 }, 'z'),
      svg('text', { x: 402, y: 80 }, 'Z'),
    ),
  );
}
