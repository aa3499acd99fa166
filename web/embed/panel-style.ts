/**
 * The look of the panel: alone in its shadow root, it neither gets nor gives any style of the page. The element itself is a
 * part of the page, whose rules for all its parts (`body > *`) would win over these: where it stands is `!important`.
 */
export const PANEL_STYLE = `
:host {
  --width: 340px;
  --panel: #fffdf9; --line: #eadfd2; --text: #33263a; --quiet: #6f6072; --bubble: #f5e9dc;
  --user: #2f7f78; --on-user: #fff; --accent: #b8452b; --on-accent: #fff; --bad: #b3312f;
  color-scheme: light;
  all: initial;
  position: fixed !important;
  inset: auto !important;
  z-index: 2147483000 !important;
  display: block !important;
  font: 15px/1.4 system-ui, sans-serif;
  color: var(--text);
}
:host([data-theme="dark"]) {
  --panel: #1f1b2b; --line: #352e47; --text: #f3ecf5; --quiet: #a99db5; --bubble: #2e2740;
  --user: #2c7d76; --accent: #ff8a66; --on-accent: #2a1512; --bad: #ff8f8f;
  color-scheme: dark;
}
:host([hidden]) { display: none !important; }
:host(:not([data-position="inline"])) { margin: 0 !important; max-width: none !important; }
:host([data-position^="bottom"]) { bottom: 20px !important; }
:host([data-position^="top"]) { top: 20px !important; }
:host([data-position$="right"]) { right: 20px !important; }
:host([data-position$="left"]) { left: 20px !important; }
:host([data-position="inline"]) { position: relative !important; z-index: 0 !important; width: 100%; height: 100%; min-height: 420px; }
* { box-sizing: border-box; }
button, input { font: inherit; color: inherit; }
button { border: 0; border-radius: 50%; background: var(--bubble); cursor: pointer; display: grid; place-items: center; }
button:disabled { opacity: .4; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.icon { width: 22px; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.bubble { width: 64px; height: 64px; background: var(--accent); color: var(--on-accent); box-shadow: 0 6px 24px rgb(0 0 0 / 25%); }
.panel { display: flex; flex-direction: column; width: min(var(--width), calc(100vw - 40px)); height: min(620px, calc(100dvh - 40px));
  overflow: hidden; border: 1px solid var(--line); border-radius: 22px; background: var(--panel); box-shadow: 0 12px 40px rgb(0 0 0 / 18%); }
:host([data-position="inline"]) .panel { width: 100%; height: 100%; min-height: inherit; }
.panel[hidden], .bubble[hidden], .trouble[hidden] { display: none; }
header { display: flex; align-items: center; justify-content: space-between; padding: 8px 8px 0 16px; color: var(--quiet); font-size: 13px; }
header button { width: 36px; height: 36px; background: none; }
.stage { flex: 0 0 42%; min-height: 0; }
.scroll { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; }
ol { margin: 0; padding: 12px 16px; list-style: none; display: flex; flex-direction: column; gap: 8px; }
li { max-width: 86%; padding: 7px 13px; border-radius: 16px; overflow-wrap: anywhere; white-space: pre-wrap; }
.assistant { align-self: flex-start; background: var(--bubble); }
.user { align-self: flex-end; background: var(--user); color: var(--on-user); }
.cut::after { content: " —"; color: var(--quiet); }
.trouble { margin: 0 16px 8px; color: var(--bad); font-size: 13px; }
form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid var(--line); }
input { flex: 1; min-width: 0; padding: 0 14px; border: 1px solid var(--line); border-radius: 99px; background: none; }
input::placeholder { color: var(--quiet); opacity: 1; }
form button { flex: none; width: 40px; height: 40px; }
.send, .microphone[aria-pressed="true"] { background: var(--accent); color: var(--on-accent); }
.microphone[aria-pressed="true"] { box-shadow: 0 0 0 calc(8px * var(--level, 0)) var(--accent); }
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto; } }
`;
