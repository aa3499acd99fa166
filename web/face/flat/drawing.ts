/** The flat face: flat-face.ts moves its parts, face.css colours them. */
export const DRAWING = `
<svg class="flat-face" viewBox="10 20 460 480">
  <defs>
    <radialGradient id="skin" cx="0.45" cy="0.4" r="0.7">
      <stop class="skin-lit" offset="0.35" />
      <stop class="skin-shade" offset="1" />
    </radialGradient>
    <linearGradient id="hair" x1="0" y1="0" x2="0" y2="1">
      <stop class="hair-lit" offset="0" />
      <stop class="hair-shade" offset="0.8" />
    </linearGradient>
    <radialGradient id="blush">
      <stop class="blush" offset="0" stop-opacity="0.5" />
      <stop class="blush" offset="1" stop-opacity="0" />
    </radialGradient>
    <radialGradient id="iris" cx="0.5" cy="0.7" r="0.6">
      <stop class="iris-lit" offset="0.1" />
      <stop class="iris-shade" offset="1" />
    </radialGradient>
    <!-- The avatar stands in a round window and looks out of it at the top. -->
    <clipPath id="window"><path d="M20 -40H460V270A220 220 0 0 1 20 270Z" /></clipPath>
    <clipPath id="left-eye-opening"><path id="left-eye-clip" /></clipPath>
    <clipPath id="right-eye-opening"><path id="right-eye-clip" /></clipPath>
    <clipPath id="mouth-inside"><path id="mouth-clip" /></clipPath>
  </defs>

  <g clip-path="url(#window)">
    <g transform="translate(240 270) scale(1.13) translate(-240 -284)">
      <g id="hair-back">
        <path
          class="hair"
          d="M240 72C142 68 108 146 112 232C115 300 92 346 112 388C140 426 190 404 240 404C290 404 340 426 368 388C388 346 365 300 368 232C372 146 338 68 240 72Z"
        />
      </g>
      <g id="body-group">
        <path class="neck" d="M203 350H277V436Q240 470 203 436Z" />
        <path class="neck-shade" d="M203 350H277V392Q240 428 203 392Z" />
        <path
          class="sweater"
          d="M74 510C78 446 128 428 190 420Q240 458 290 420C352 428 402 446 406 510Z"
        />
        <path class="collar" d="M190 402Q240 440 290 402L294 428Q240 470 186 428Z" />
      </g>
      <g id="head-group">
        <g id="ears">
          <ellipse class="ear" cx="141" cy="268" rx="15" ry="22" />
          <ellipse class="ear" cx="339" cy="268" rx="15" ry="22" />
          <circle class="earring" cx="139" cy="298" r="6.5" />
          <circle class="earring" cx="341" cy="298" r="6.5" />
        </g>
        <g id="head-shape"><path id="head-outline" class="head" /></g>
        <g id="features">
          <g transform="translate(240 306)">
            <circle id="left-cheek" class="cheek" r="27" />
            <circle id="right-cheek" class="cheek" r="27" />
          </g>
          <g class="freckles" transform="translate(240 288)">
            <circle cx="-58" cy="4" r="1.7" />
            <circle cx="-49" cy="9" r="1.5" />
            <circle cx="-66" cy="11" r="1.4" />
            <circle cx="58" cy="4" r="1.7" />
            <circle cx="49" cy="9" r="1.5" />
            <circle cx="66" cy="11" r="1.4" />
          </g>
          <g transform="translate(196 252)">
            <path id="right-eye-ball" class="eyeball" />
            <g clip-path="url(#right-eye-opening)">
              <g id="right-eye-iris">
                <circle class="iris" r="13.5" />
                <circle class="pupil" r="6.5" />
                <circle class="glint" cx="-4.5" cy="-5" r="4" />
                <circle class="glint" cx="5" cy="5" r="1.8" />
              </g>
            </g>
            <path id="right-eye-lashes" class="lashes" />
            <path id="right-eye-fold" class="crease" />
            <path id="right-brow" class="brow" />
          </g>
          <g transform="translate(284 252)">
            <path id="left-eye-ball" class="eyeball" />
            <g clip-path="url(#left-eye-opening)">
              <g id="left-eye-iris">
                <circle class="iris" r="13.5" />
                <circle class="pupil" r="6.5" />
                <circle class="glint" cx="-4.5" cy="-5" r="4" />
                <circle class="glint" cx="5" cy="5" r="1.8" />
              </g>
            </g>
            <path id="left-eye-lashes" class="lashes" />
            <path id="left-eye-fold" class="crease" />
            <path id="left-brow" class="brow" />
          </g>
          <g id="nose">
            <g transform="translate(240 296)">
              <path id="nose-wrinkles" class="crease" d="M-9 -34q-5 3 -7 8M9 -34q5 3 7 8M-8 -24q-4 3 -6 7M8 -24q4 3 6 7" />
              <g id="nose-wings"><path class="nose" d="M-10 -2q-2 9 5 8q5 5 10 0q7 1 5 -8" /></g>
            </g>
          </g>
          <g transform="translate(240 340)">
            <path id="mouth-shade" class="crease shade" />
            <path id="mouth-lips" class="lips" />
            <path id="mouth-opening" class="inside" />
            <g clip-path="url(#mouth-inside)">
              <path id="mouth-lower-teeth" class="teeth" />
              <path id="mouth-tongue" class="tongue" />
              <path id="mouth-upper-teeth" class="teeth" />
            </g>
            <path id="mouth-tongue-out" class="tongue" />
          </g>
        </g>
        <g id="hair-front">
          <path
            class="hair"
            d="M240 80C160 78 124 140 128 238C130 262 135 278 141 290C144 262 148 240 160 222C194 212 236 190 262 156C276 188 302 210 322 218C332 240 336 262 339 290C345 278 350 262 352 238C356 140 320 78 240 80Z"
          />
          <path class="hair-shine" d="M166 152C184 124 208 112 232 108" />
        </g>
      </g>
    </g>
  </g>
</svg>
`;
