import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type Clip, frameCount, SAMPLE_RATE } from '../material/clip.ts';
import type { Track } from '../track.ts';
import { openBrowser } from './browser.ts';
import type { Contestant } from './contestant.ts';
import { ARKIT_TABLE, faceOf, LAM_TABLE, type VisemeTable } from './viseme-tables.ts';

/** What the page may load, and where it is. */
const SCRIPTS: Readonly<Record<string, string>> = {
  '/wawa-lipsync.js': 'wawa-lipsync/dist/wawa-lipsync.es.js',
  '/headaudio.js': '@met4citizen/headaudio/dist/headaudio.min.mjs',
  '/headworklet.js': '@met4citizen/headaudio/dist/headworklet.min.mjs',
  '/headaudio-model.bin': '@met4citizen/headaudio/dist/model-en-mixed.bin',
};

/** A peer, and what runs it in the page. */
interface Peer {
  readonly name: string;
  readonly run: 'runWawa' | 'runHeadAudio';
}

const PEERS: readonly Peer[] = [
  { name: 'wawa-lipsync', run: 'runWawa' },
  { name: 'headaudio', run: 'runHeadAudio' },
];

/**
 * The peers, run for real in a headless browser; none where there is no browser. Each is there twice: its visemes through
 * the table in the full-size model's style, and through that for generic rigs, which is how they are meant to be shown.
 */
export async function peers(): Promise<{ contestants: Contestant[]; missing: string[] }> {
  const browser = await openBrowser();
  if (browser === undefined) return { contestants: [], missing: ['the peers need chromium'] };
  const server = await serve();
  const page = await pageIn(browser, server);
  const close = async () => {
    await browser.close();
    server.close();
  };
  const contestants = PEERS.flatMap((peer) => {
    const heard = new Map<string, Promise<Float32Array[]>>(); // both tables are of the same visemes
    const visemesOf = (clip: Clip) => {
      const visemes = heard.get(clip.name) ?? hear(page, peer, clip);
      heard.set(clip.name, visemes);
      return visemes;
    };
    return [LAM_TABLE, ARKIT_TABLE].map((table) => contestant(peer, table, visemesOf, close));
  });
  return { contestants, missing: [] };
}

function contestant(
  { name }: Peer,
  table: VisemeTable,
  visemesOf: (clip: Clip) => Promise<Float32Array[]>,
  close: () => Promise<void>,
): Contestant {
  return {
    name: `${name} (${table.name})`,
    animate: async (clip): Promise<Track> => {
      const visemes = await visemesOf(clip);
      return { visemes, weights: visemes.map((row) => faceOf(row, table)) };
    },
    close,
  };
}

/** Serves the peers' files on this machine: worklets want a real address, and one that counts as secure. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const script = SCRIPTS[path];
    if (script === undefined) {
      response.writeHead(path === '/' ? 200 : 404, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>peers</title>');
      return;
    }
    const contentType = path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream';
    response.writeHead(200, { 'content-type': contentType });
    response.end(readFileSync(fileURLToPath(new URL(`../../node_modules/${script}`, import.meta.url))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function pageIn(browser: Browser, server: Server): Promise<Page> {
  const page = await browser.newPage();
  const { port } = server.address() as AddressInfo; // it listens on a port
  await page.goto(`http://localhost:${port}/`);
  const source = readFileSync(new URL('../page/peers.ts', import.meta.url), 'utf8');
  await page.addScriptTag({ content: stripTypeScriptTypes(source), type: 'module' });
  return page;
}

async function hear(page: Page, { run }: Peer, clip: Clip): Promise<Float32Array[]> {
  const { pcm } = clip;
  const base64 = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  const call = `window.${run}(${JSON.stringify({ base64, sampleRate: SAMPLE_RATE })})`;
  const rows = (await page.evaluate(call)) as number[][];
  const last = rows.at(-1) ?? [];
  while (rows.length < frameCount(clip)) rows.push(last);
  return rows.map((row) => Float32Array.from(row));
}
