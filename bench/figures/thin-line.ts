import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Child } from '../child.ts';
import { atMost, type Figure } from '../figure.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';
import type { SeenThroughLine } from '../thin-line/client.ts';
import { layThinLine, SERVER_ADDRESS } from '../thin-line/network.ts';

const CLIENT = fileURLToPath(new URL('../thin-line/client.ts', import.meta.url));
const KBIT = 512;
const ANSWER_MS = 20_000;
const FRAMES = 600;
const TRIES = 8;
const LIMIT_INTERRUPT_MS = 2500;
const PATIENCE_MS = 180_000;

/** A line of less than a turn needs; needs root, and is run by name. */
export const thinLine: Figure = {
  name: 'thin-line',
  title: `A line of ${KBIT} kbit/s (a turn needs about 800): complete, late, and still interruptible`,
  run: async () => {
    using line = layThinLine(KBIT);
    await using child = await Child.start('server', { env: { BENCH_HOST: SERVER_ADDRESS } });
    const url = `ws://${SERVER_ADDRESS}:${child.port}/ws`;
    const [program = '', ...prefix] = line.prefix;
    const args = [...prefix, process.execPath, CLIENT, url, String(ANSWER_MS), String(TRIES)];
    const { stdout } = await promisify(execFile)(program, args, { timeout: PATIENCE_MS });
    const seen = JSON.parse(stdout) as SeenThroughLine;
    const interrupts = summarise(seen.interruptMs);
    const wrong = seen.misplaced + Math.abs(seen.frames - seen.fillers - FRAMES) + Number(seen.closed);
    return [
      {
        what: `an answer of ${ANSWER_MS / 1000} s took (s)`,
        measured: (seen.tookMs / 1000).toFixed(1),
        floor: ((ANSWER_MS / 1000) * 0.8 * (1000 / KBIT)).toFixed(1),
      },
      { what: 'frames missing, doubled or out of order', measured: String(wrong), ...atMost(wrong, 0, '0') },
      { what: 'frames of silence put in', measured: String(seen.fillers), ...atMost(seen.fillers, 0, '0') },
      {
        what: `\`interrupt\` and its answer, ${TRIES} tries, p50 / p99 / max (ms)`,
        measured: spread(interrupts, 'p99'),
        ...atMost(interrupts.max, LIMIT_INTERRUPT_MS, `max ≤ ${LIMIT_INTERRUPT_MS}`),
      },
    ];
  },
};
