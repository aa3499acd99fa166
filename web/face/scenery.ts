/** What is behind every face: a round window with the sky in it. The faces look out of it at the top. */
export const BEHIND = `
<svg class="behind" viewBox="10 20 460 480" aria-hidden="true">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0.4" y2="1">
      <stop class="sky-high" offset="0" />
      <stop class="sky-low" offset="1" />
    </linearGradient>
  </defs>
  <circle class="sky" cx="240" cy="270" r="220" />
  <g class="stars">
    <circle cx="92" cy="190" r="2.4" />
    <circle cx="128" cy="118" r="1.8" />
    <circle cx="398" cy="214" r="2.2" />
    <circle cx="362" cy="130" r="2.8" />
    <circle cx="420" cy="300" r="1.8" />
    <circle cx="66" cy="290" r="2" />
  </g>
</svg>
`;

/** What is before every face: what one sees of sleep. */
export const BEFORE = `
<svg class="before" viewBox="10 20 460 480" aria-hidden="true">
  <g class="snores">
    <text x="350" y="150">z</text>
    <text x="374" y="118">z</text>
    <text x="402" y="80">Z</text>
  </g>
</svg>
`;
