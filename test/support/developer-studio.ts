import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type HostPage, serveHostPage } from './host-page.ts';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const client = fileURLToPath(new URL('../../client', import.meta.url));

/** The page's modules name the client library as if it lay in their folder. */
const clientBeside: Plugin = {
  name: 'client library',
  setup: (bundler) => {
    bundler.onResolve({ filter: /\/client\/src\// }, ({ path }) => ({
      path: `${client}/${path.slice(path.indexOf('src/')).replace(/\.js$/, '.ts')}`,
    }));
  },
};

/** A page with a conversation, the flat face, and a developer's view that `openView()` opens. */
const SCRIPT = (server: string) => `
import { AvatarChat } from './client/src/index.js';
import { createFace } from './face/face.js';
import { openDeveloperView } from './developer/developer-view.js';
const chat = new AvatarChat({ server: '${server}' }).connect();
const face = createFace(document.querySelector('#face'), { kind: '2d' });
let performing;
const seen = []; // what the face was given
const page = { chat, perform: (player) => { performing = player; } };
const openView = () => openDeveloperView(document.querySelector('aside'), page);
Object.assign(window, { chat, seen, openView, performing: () => performing });
requestAnimationFrame(function draw(nowMs) {
  const heard = (performing ?? chat.player).heard();
  if (heard) seen.push({ replayed: performing !== undefined, turnId: heard.turnId, offsetMs: heard.offsetMs, weights: heard.weights });
  face.draw(heard?.weights, heard ? 'speaking' : 'calm', nowMs);
  requestAnimationFrame(draw);
});`;

const LAYOUT = `body { display: grid; grid-template-columns: 1fr 440px; gap: 16px; padding: 16px; overflow: hidden }
aside { position: relative; overflow: auto; border: 1px solid var(--line); border-radius: 26px; background: var(--panel) }
@media (max-width: 820px) { body { grid-template: 42fr 58fr / 1fr; padding: 0 } }`;

/** Serves such a page, of another origin than the avatar's server. The caller closes it. */
export async function serveDeveloperStudio(server: string, lang = 'en'): Promise<HostPage> {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT(server), resolveDir: web, loader: 'js' },
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022' },
    external: ['*/head-face.js'], // only the flat face is shown
    plugins: [clientBeside],
  });
  const style = ['style.css', 'face/face.css']
    .map((file) => readFileSync(`${web}/${file}`, 'utf8'))
    .join('\n');
  return serveHostPage(`<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Studio</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>${style}\n${LAYOUT}</style>
<body><main><h1 class="unseen">Studio</h1><div id="face" role="img" aria-label="Face"></div></main>
<aside hidden><h2 class="unseen">Developer’s view</h2></aside>
<script type="module">${outputFiles?.[0]?.text ?? ''}</script>`);
}
