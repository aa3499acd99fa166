import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fastify } from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { servePage } from '../../src/http/page.ts';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine, if it is; CHROMIUM_PATH says it for others. */
export const browserPath = [process.env['CHROMIUM_PATH'] ?? '', ...BROWSERS].find((path) => existsSync(path));

/** Makes Chromium draw WebGL on the CPU, and keep to itself. */
export const SOFTWARE_GRAPHICS: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** Weights by name, as a server sends them. */
export type Pose = Readonly<Record<string, number>>;

/** A page with nothing but a face. */
export interface Studio {
  readonly page: Page;
  /** Everything the browser complained about. */
  readonly complaints: readonly string[];
  /** Shows a face that has reached its pose. */
  pose(weights: Pose | undefined, mood?: string): Promise<void>;
  /** Goes on to another pose at once, with the face that is there: its eyes may blink. */
  change(weights: Pose): Promise<void>;
  picture(): Promise<Buffer>;
  /** What is seen in a part of the picture: red, green, blue and opacity of each pixel. */
  pixels(clip: { x: number; y: number; width: number; height: number }): Promise<Uint8ClampedArray>;
  close(): Promise<void>;
}

/** How the studio is to be. */
export interface StudioOptions {
  readonly width: number;
  readonly height: number;
  readonly light?: 'light' | 'dark';
  /** Pixels of the picture per pixel of the page. */
  readonly pixelRatio?: number;
  /** Given to createFace. */
  readonly face?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
  /** A browser that is there already, and stays. */
  readonly browser?: Browser;
}

/** Starts a browser for studios; the caller closes it. @throws Error where Chromium is missing. */
export function launchBrowser(args: readonly string[] = SOFTWARE_GRAPHICS): Promise<Browser> {
  return chromium.launch({
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    args: [...args],
  });
}

/** Opens a studio; close it. @throws Error where Chromium is missing. */
export async function openStudio({
  width,
  height,
  light = 'light',
  pixelRatio = 1,
  face = {},
  args = SOFTWARE_GRAPHICS,
  browser: shared,
}: StudioOptions): Promise<Studio> {
  const server = fastify();
  await servePage(server, fileURLToPath(new URL('../../web', import.meta.url)));
  server.get('/studio', (_request, reply) =>
    reply
      .type('text/html')
      .send(
        '<!doctype html><meta charset="utf-8"><title>Studio</title><link rel="icon" href="data:,"><link rel="stylesheet" href="./style.css"><link rel="stylesheet" href="./face/face.css"><style>#face { width: 100vw; height: 100vh }</style><div id="face"></div>',
      ),
  );
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  const browser = shared ?? (await launchBrowser(args));
  const page = await browser.newPage({
    viewport: { width, height },
    deviceScaleFactor: pixelRatio,
    colorScheme: light,
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (
      ['error', 'warning'].includes(message.type()) &&
      !/GPU stall due to ReadPixels|software WebGL/.test(message.text())
    )
      complaints.push(message.text());
  });
  await page.goto(`${address}/studio`);
  const enter = () =>
    page.evaluate(async (options) => {
      const load = new Function('path', 'return import(path)') as (
        path: string,
      ) => Promise<{ createFace: unknown }>;
      const { createFace } = (await load('/face/face.js')) as {
        createFace: (host: unknown, options: unknown) => unknown;
      };
      const scope = globalThis as unknown as {
        document: { querySelector(what: string): unknown };
        shown?: { dispose(): void };
      };
      scope.shown?.dispose();
      Object.assign(globalThis, { shown: createFace(scope.document.querySelector('#face'), options) });
    }, face);
  await enter();
  await page.locator('.face-stage[data-kind]').waitFor();
  return {
    page,
    complaints,
    pose: async (weights, mood = 'speaking') => {
      await enter();
      await page.locator('.face-stage[data-kind]').waitFor();
      await page.evaluate(
        ([target, how]) => {
          const scope = globalThis as unknown as {
            shown: { draw(weights: unknown, mood: unknown, nowMs: number): void };
          };
          // A face that has just woken up, and does not blink yet; in the longest steps that it takes.
          for (let nowMs = 0; nowMs <= 1100; nowMs += 100) scope.shown.draw(target, how, nowMs);
        },
        [weights, mood] as const,
      );
      await page.waitForTimeout(120);
    },
    change: async (weights) => {
      await page.evaluate(async (target) => {
        const scope = globalThis as unknown as {
          shown: { draw(weights: unknown, mood: unknown, nowMs: number): void };
          shownAtMs?: number;
          requestAnimationFrame(callback: () => void): void;
        };
        // Awake at first (see pose), then on by more than a mouth needs.
        const fromMs = scope.shownAtMs ?? 0;
        const untilMs = scope.shownAtMs === undefined ? 1100 : fromMs + 100;
        for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 100) scope.shown.draw(target, 'speaking', nowMs);
        scope.shownAtMs = untilMs;
        for (let picture = 0; picture < 2; picture += 1)
          await new Promise<void>((resolve) => scope.requestAnimationFrame(resolve));
      }, weights);
    },
    picture: () => page.screenshot(),
    pixels: async (clip) => {
      const png = (await page.screenshot({ clip })).toString('base64');
      // The browser knows how to read its own pictures.
      const values = await page.evaluate(async (data) => {
        const scope = globalThis as unknown as {
          createImageBitmap(blob: Blob): Promise<{ width: number; height: number }>;
          OffscreenCanvas: new (
            width: number,
            height: number,
          ) => {
            getContext(kind: '2d'): {
              drawImage(image: unknown, x: number, y: number): void;
              getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
            };
          };
        };
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        const image = await scope.createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const context = new scope.OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        return [...context.getImageData(0, 0, image.width, image.height).data];
      }, png);
      return Uint8ClampedArray.from(values);
    },
    close: async () => {
      await (shared === undefined ? browser.close() : page.close());
      await server.close();
    },
  };
}
