import { html } from '../html.js';

const COLOURS = ['#d9573a', '#f2b84b', '#2f7f78', '#6d4266', '#f4a988', '#7cc6b8'];
const PIECES = 90;

/** Lets confetti rain over the page once; not where the visitor asks for reduced motion. */
export function throwConfetti(): void {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const sky = html('div', { class: 'confetti', 'aria-hidden': 'true' });
  document.body.append(sky);
  const falls = Array.from({ length: PIECES }, (_, index) => {
    const piece = html('i');
    piece.style.background = COLOURS[index % COLOURS.length] ?? '';
    piece.style.left = `${100 * Math.random()}%`;
    sky.append(piece);
    const turn = (2 + 4 * Math.random()) * (index % 2 === 0 ? 360 : -360);
    const drift = 24 * (Math.random() - 0.5);
    const fall = piece.animate(
      [
        { transform: 'translate(0, -8vh) rotateX(0) rotateZ(0)', opacity: 1 },
        { opacity: 1, offset: 0.8 },
        { transform: `translate(${drift}vw, 108vh) rotateX(${turn}deg) rotateZ(${turn / 3}deg)`, opacity: 0 },
      ],
      {
        duration: 2200 + 1600 * Math.random(),
        delay: 500 * Math.random(),
        easing: 'cubic-bezier(0.2, 0.4, 0.6, 1)',
        fill: 'both',
      },
    );
    return fall.finished;
  });
  void Promise.allSettled(falls).then(() => sky.remove());
}
