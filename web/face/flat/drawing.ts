import { svg } from '../../html.js';

/** Draws the flat face: flat-face.ts moves its parts, face.css colours them. */
export function drawFlatFace(): SVGElement {
  return svg(
    'svg',
    { class: 'flat-face', viewBox: '10 20 460 480' },
    svg(
      'defs',
      {},
      svg(
        'radialGradient',
        { id: 'skin', cx: '0.45', cy: '0.4', r: '0.7' },
        svg('stop', { class: 'skin-lit', offset: '0.35' }),
        svg('stop', { class: 'skin-shade', offset: 1 }),
      ),
      svg(
        'linearGradient',
        { id: 'hair', x1: '0', y1: '0', x2: '0', y2: 1 },
        svg('stop', { class: 'hair-lit', offset: '0' }),
        svg('stop', { class: 'hair-shade', offset: '0.8' }),
      ),
      svg(
        'radialGradient',
        { id: 'blush' },
        svg('stop', { class: 'blush', offset: '0', 'stop-opacity': '0.5' }),
        svg('stop', { class: 'blush', offset: 1, 'stop-opacity': '0' }),
      ),
      svg(
        'radialGradient',
        { id: 'iris', cx: '0.5', cy: '0.7', r: '0.6' },
        svg('stop', { class: 'iris-lit', offset: '0.1' }),
        svg('stop', { class: 'iris-shade', offset: 1 }),
      ),
      svg('clipPath', { id: 'window' }, svg('path', { d: 'M20 -40H460V270A220 220 0 0 1 20 270Z' })),
      svg('clipPath', { id: 'left-eye-opening' }, svg('path', { id: 'left-eye-clip' })),
      svg('clipPath', { id: 'right-eye-opening' }, svg('path', { id: 'right-eye-clip' })),
      svg('clipPath', { id: 'mouth-inside' }, svg('path', { id: 'mouth-clip' })),
    ),
    svg(
      'g',
      { 'clip-path': 'url(#window)' },
      svg(
        'g',
        { transform: 'translate(240 270) scale(1.13) translate(-240 -284)' },
        svg(
          'g',
          { id: 'hair-back' },
          svg('path', {
            class: 'hair',
            d: 'M240 72C142 68 108 146 112 232C115 300 92 346 112 388C140 426 190 404 240 404C290 404 340 426 368 388C388 346 365 300 368 232C372 146 338 68 240 72Z',
          }),
        ),
        svg(
          'g',
          { id: 'body-group' },
          svg('path', { class: 'neck', d: 'M203 350H277V436Q240 470 203 436Z' }),
          svg('path', { class: 'neck-shade', d: 'M203 350H277V392Q240 428 203 392Z' }),
          svg('path', {
            class: 'sweater',
            d: 'M74 510C78 446 128 428 190 420Q240 458 290 420C352 428 402 446 406 510Z',
          }),
          svg('path', { class: 'collar', d: 'M190 402Q240 440 290 402L294 428Q240 470 186 428Z' }),
        ),
        svg(
          'g',
          { id: 'head-group' },
          svg(
            'g',
            { id: 'ears' },
            svg('ellipse', { class: 'ear', cx: 141, cy: 268, rx: 15, ry: 22 }),
            svg('ellipse', { class: 'ear', cx: 339, cy: 268, rx: 15, ry: 22 }),
            svg('circle', { class: 'earring', cx: 139, cy: 298, r: 6.5 }),
            svg('circle', { class: 'earring', cx: 341, cy: 298, r: 6.5 }),
          ),
          svg('g', { id: 'head-shape' }, svg('path', { id: 'head-outline', class: 'head' })),
          svg(
            'g',
            { id: 'features' },
            svg(
              'g',
              { transform: 'translate(240 306)' },
              svg('circle', { id: 'left-cheek', class: 'cheek', r: 27 }),
              svg('circle', { id: 'right-cheek', class: 'cheek', r: 27 }),
            ),
            svg(
              'g',
              { class: 'freckles', transform: 'translate(240 288)' },
              svg('circle', { cx: -58, cy: 4, r: 1.7 }),
              svg('circle', { cx: -49, cy: 9, r: 1.5 }),
              svg('circle', { cx: -66, cy: 11, r: 1.4 }),
              svg('circle', { cx: 58, cy: 4, r: 1.7 }),
              svg('circle', { cx: 49, cy: 9, r: 1.5 }),
              svg('circle', { cx: 66, cy: 11, r: 1.4 }),
            ),
            svg(
              'g',
              { transform: 'translate(196 252)' },
              svg('path', { id: 'right-eye-ball', class: 'eyeball' }),
              svg(
                'g',
                { 'clip-path': 'url(#right-eye-opening)' },
                svg(
                  'g',
                  { id: 'right-eye-iris' },
                  svg('circle', { class: 'iris', r: 13.5 }),
                  svg('circle', { class: 'pupil', r: 6.5 }),
                  svg('circle', { class: 'glint', cx: -4.5, cy: -5, r: 4 }),
                  svg('circle', { class: 'glint', cx: 5, cy: 5, r: 1.8 }),
                ),
              ),
              svg('path', { id: 'right-eye-lashes', class: 'lashes' }),
              svg('path', { id: 'right-eye-fold', class: 'crease' }),
              svg('path', { id: 'right-brow', class: 'brow' }),
            ),
            svg(
              'g',
              { transform: 'translate(284 252)' },
              svg('path', { id: 'left-eye-ball', class: 'eyeball' }),
              svg(
                'g',
                { 'clip-path': 'url(#left-eye-opening)' },
                svg(
                  'g',
                  { id: 'left-eye-iris' },
                  svg('circle', { class: 'iris', r: 13.5 }),
                  svg('circle', { class: 'pupil', r: 6.5 }),
                  svg('circle', { class: 'glint', cx: -4.5, cy: -5, r: 4 }),
                  svg('circle', { class: 'glint', cx: 5, cy: 5, r: 1.8 }),
                ),
              ),
              svg('path', { id: 'left-eye-lashes', class: 'lashes' }),
              svg('path', { id: 'left-eye-fold', class: 'crease' }),
              svg('path', { id: 'left-brow', class: 'brow' }),
            ),
            svg(
              'g',
              { id: 'nose' },
              svg(
                'g',
                { transform: 'translate(240 296)' },
                svg('path', {
                  id: 'nose-wrinkles',
                  class: 'crease',
                  d: 'M-9 -34q-5 3 -7 8M9 -34q5 3 7 8M-8 -24q-4 3 -6 7M8 -24q4 3 6 7',
                }),
                svg(
                  'g',
                  { id: 'nose-wings' },
                  svg('path', { class: 'nose', d: 'M-10 -2q-2 9 5 8q5 5 10 0q7 1 5 -8' }),
                ),
              ),
            ),
            svg(
              'g',
              { transform: 'translate(240 340)' },
              svg('path', { id: 'mouth-shade', class: 'crease shade' }),
              svg('path', { id: 'mouth-lips', class: 'lips' }),
              svg('path', { id: 'mouth-opening', class: 'inside' }),
              svg(
                'g',
                { 'clip-path': 'url(#mouth-inside)' },
                svg('path', { id: 'mouth-lower-teeth', class: 'teeth' }),
                svg('path', { id: 'mouth-tongue', class: 'tongue' }),
                svg('path', { id: 'mouth-upper-teeth', class: 'teeth' }),
              ),
              svg('path', { id: 'mouth-tongue-out', class: 'tongue' }),
            ),
          ),
          svg(
            'g',
            { id: 'hair-front' },
            svg('path', {
              class: 'hair',
              d: 'M240 80C160 78 124 140 128 238C130 262 135 278 141 290C144 262 148 240 160 222C194 212 236 190 262 156C276 188 302 210 322 218C332 240 336 262 339 290C345 278 350 262 352 238C356 140 320 78 240 80Z',
            }),
            svg('path', { class: 'hair-shine', d: 'M166 152C184 124 208 112 232 108' }),
          ),
        ),
      ),
    ),
  );
}
