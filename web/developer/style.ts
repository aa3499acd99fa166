/** The look of the view, under one class; colours are the page's where it has them. */
export const DEVELOPER_STYLE = `
.developer-view {
  --ink-sound: var(--user, #2c776f);
  --ink-aperture: var(--accent, #c44a2c);
  --ink-jaw: #2d5fb3;
  --ink-rounding: #7b4aa0;
  --well: rgb(60 30 40 / 5%);
  container: developer-view / inline-size;
  display: flex;
  flex-direction: column;
  min-width: 0;
  padding: 4px 14px 14px;
  color: var(--text);
  font-size: 13px;
  line-height: 1.35;
  font-variant-numeric: tabular-nums;
}

@media (prefers-color-scheme: dark) {
  .developer-view {
    --ink-sound: #58b8ae;
    --ink-jaw: #8ab4ff;
    --ink-rounding: #d3a6f5;
    --well: rgb(255 255 255 / 5%);
  }
}

.developer-view [hidden] { display: none !important; }
.developer-view .part { border-top: 1px solid var(--line); }
.developer-view .part:first-child { border-top: 0; }
.developer-view .part > summary {
  display: flex;
  align-items: center;
  gap: 7px;
  padding: 9px 0;
  cursor: pointer;
  list-style: none;
}
.developer-view .part > summary::-webkit-details-marker { display: none; }
.developer-view .part > summary::before {
  width: 7px;
  height: 7px;
  border: solid var(--quiet);
  border-width: 0 1.5px 1.5px 0;
  rotate: -45deg;
  content: "";
}
.developer-view .part[open] > summary::before { rotate: 45deg; translate: 0 -2px; }
.developer-view h3 { margin: 0; font-size: 13px; font-weight: 650; }
.developer-view h4 { margin: 0 0 2px; color: var(--quiet); font-size: 11px; font-weight: 600; }
.developer-view p { margin: 0; }
.developer-view .content { padding-bottom: 12px; contain: layout style; }
.developer-view .told:empty { display: none; }
.developer-view .told, .developer-view .progress { color: var(--quiet); font-size: 12px; }

.developer-view .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin-bottom: 6px; }
.developer-view button, .developer-view select {
  min-height: 28px;
  padding: 3px 11px;
  border: 1px solid var(--line);
  border-radius: 99px;
  background: var(--panel);
  color: inherit;
  font: inherit;
  font-size: 12px;
  cursor: pointer;
}
.developer-view button:hover:enabled, .developer-view select:hover { border-color: var(--accent); }
.developer-view button:disabled { color: var(--quiet); opacity: 0.65; cursor: default; }
.developer-view [data-kind="recording"], .developer-view button[aria-pressed="true"] { border-color: var(--accent); background: var(--well); font-weight: 600; }
.developer-view [data-kind^="record"]::before, .developer-view [data-kind="play"]::before,
.developer-view [data-kind="stop"]::before, .developer-view [data-kind="save"]::before {
  display: inline-block;
  margin-right: 6px;
  content: "";
}
.developer-view [data-kind^="record"]::before { width: 9px; height: 9px; border-radius: 50%; background: var(--bad); }
.developer-view [data-kind="recording"]::before { border-radius: 2px; }
.developer-view [data-kind="play"]::before {
  border: solid transparent;
  border-width: 5px 0 5px 8px;
  border-left-color: currentcolor;
  vertical-align: -1px;
}
.developer-view [data-kind="stop"]::before { width: 8px; height: 8px; background: currentcolor; }
.developer-view [data-kind="save"]::before { content: "↓" / ""; }
.developer-view :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.developer-view .plot {
  position: relative;
  display: block;
  height: 190px;
  overflow: hidden;
  border-radius: 10px;
  background: var(--well);
  cursor: crosshair;
  touch-action: pan-y;
}
.developer-view canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.developer-view .empty { position: absolute; inset: 0 0 30%; display: grid; place-items: center; color: var(--quiet); }
.developer-view .legend { display: flex; flex-wrap: wrap; gap: 2px 12px; margin-top: 6px; font-size: 12px; }
.developer-view .key { color: var(--quiet); white-space: nowrap; }
.developer-view .key i {
  display: inline-block;
  width: 18px;
  margin-right: 4px;
  border-top: 2px solid;
  vertical-align: 3px;
}
.developer-view .key b { display: inline-block; min-width: 2.6em; color: var(--text); font-weight: 500; }
.developer-view .key.aperture i { border-color: var(--ink-aperture); }
.developer-view .key.jaw i { border-top-style: dashed; border-color: var(--ink-jaw); }
.developer-view .key.rounding i { border-top-style: dotted; border-color: var(--ink-rounding); }
.developer-view .key.level i { border-top-width: 8px; border-color: var(--ink-sound); vertical-align: 0; }
.developer-view .key.lips i { width: 10px; border-top-width: 8px; border-color: var(--text); vertical-align: 0; }
.developer-view .place { margin-left: auto; }

.developer-view dl { margin: 0; }
.developer-view .tiles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px; }
.developer-view .tiles > div { min-width: 0; padding: 6px 9px 7px; border-radius: 9px; background: var(--well); }
.developer-view .tiles dt { overflow: hidden; color: var(--quiet); font-size: 11px; text-overflow: ellipsis; white-space: nowrap; }
.developer-view .tiles dd { margin: 0; font-size: 16px; font-weight: 550; overflow-wrap: anywhere; }
.developer-view .tiles [data-figure="faults"] dd { font-size: 13px; line-height: 1.6; }
.developer-view .tiles dd.bad { color: var(--bad); }
.developer-view .wide { margin-top: 10px; overflow-x: auto; }
.developer-view table { width: 100%; border-collapse: collapse; font-size: 12px; }
.developer-view caption { padding-bottom: 2px; color: var(--quiet); font-size: 11px; font-weight: 600; text-align: left; }
.developer-view th, .developer-view td { padding: 3px 5px 3px 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
.developer-view th:first-child, .developer-view td:last-child, .developer-view thead th:last-child { text-align: left; }
.developer-view thead th { color: var(--quiet); font-size: 11px; font-weight: 500; white-space: normal; vertical-align: bottom; }
.developer-view tbody th { font-weight: 600; }
.developer-view .help { margin-top: 9px; color: var(--quiet); font-size: 12px; }
.developer-view .help summary { cursor: pointer; }
.developer-view .help dt { margin-top: 6px; color: var(--text); font-weight: 600; }
.developer-view .help dd { margin: 0; }

.developer-view .weights { columns: 2; column-gap: 18px; }
.developer-view .group { break-inside: avoid; margin-bottom: 8px; }
.developer-view .weight {
  display: grid;
  grid-template-columns: minmax(0, 104px) minmax(0, 1fr) 26px;
  align-items: center;
  gap: 6px;
  height: 17px;
  font-size: 11px;
}
.developer-view .weight .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.developer-view .weight .value { height: 17px; line-height: 17px; text-align: right; contain: strict; }
.developer-view .weight .zero { color: var(--quiet); }
.developer-view .bars { display: grid; gap: 1px; height: 11px; contain: strict; }
.developer-view .bars [role="meter"] { overflow: hidden; border-radius: 2px; background: var(--well); }
.developer-view .bars i {
  display: block;
  height: 100%;
  border-radius: 2px;
  background: var(--ink-aperture);
  transform: scaleX(0);
  transform-origin: left;
}
.developer-view .bars :nth-child(2) i { background: var(--ink-sound); }

.developer-view ol {
  display: block;
  height: 300px;
  margin: 0;
  padding: 4px;
  overflow: auto;
  overscroll-behavior: contain;
  border-radius: 10px;
  background: var(--well);
  list-style: none;
  font: 11px/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}
.developer-view li { display: block; max-width: none; padding: 0; border-radius: 0; contain: content; }
.developer-view li summary {
  display: flex;
  gap: 7px;
  padding: 1px 4px;
  border-radius: 5px;
  overflow: hidden;
  white-space: nowrap;
  cursor: pointer;
  list-style: none;
}
.developer-view li summary::-webkit-details-marker { display: none; }
.developer-view li summary:hover { background: var(--well); }
.developer-view .time, .developer-view .size, .developer-view .count, .developer-view .preview { color: var(--quiet); }
.developer-view .time { min-width: 6.5ch; text-align: right; }
.developer-view .count:empty { display: none; }
.developer-view .type { font-weight: 600; }
.developer-view .sent .arrow, .developer-view .sent .type { color: var(--ink-sound); }
.developer-view .received .arrow, .developer-view .received .type { color: var(--ink-aperture); }
.developer-view .preview { overflow: hidden; text-overflow: ellipsis; }
.developer-view .whole { padding: 4px 4px 10px; }
.developer-view pre { max-height: 240px; margin: 6px 0 0; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }

.developer-view .unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

@container developer-view (max-width: 340px) {
  .developer-view .weights { columns: 1; }
  .developer-view .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@container developer-view (min-width: 560px) {
  .developer-view .weights { columns: 3; }
  .developer-view .tiles { grid-template-columns: repeat(5, minmax(0, 1fr)); }
}
`;
