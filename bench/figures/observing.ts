import { silentLogger } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { NO_OBSERVER, type Observer, observers, type SessionEvent } from '../../src/session/observer.ts';
import { turnLog } from '../../src/session/turn-log.ts';
import { systemClock } from '../../src/time/clock.ts';
import { startTracing } from '../../src/tracing/tracing.ts';
import { Child } from '../child.ts';
import { Client } from '../client.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { FAST_DELIVERY } from '../order.ts';
import { pairedUs, type Work } from '../paired.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';

const IDS = { sessionId: '3f0c7a7e-6f0e-4f5c-9d54-0d8f5a8f3a11', requestId: undefined };
const FRAMES = 3000;
const TURNS = 100;
const LIMIT_FRAME_US = 1;
const SESSIONS = 100;
const ANSWER_MS = 6000;
const SCRAPES = 40;

/** What watching costs: for each frame, for each answer, and each time Prometheus asks. */
export const observing: Figure = {
  name: 'observing',
  title: 'Metrics and traces: what they cost (median of 41 paired rounds)',
  run: async () => [...(await eventRows()), ...(await scrapeRows())],
};

async function eventRows(): Promise<Row[]> {
  const clock = systemClock();
  const log = silentLogger();
  const metrics = createMetrics({
    sessions: () => 0,
    speaking: () => 0,
    face: () => 'loudness',
    engine: undefined,
  });
  // Nobody listens there: spans are made, wait, and are dropped.
  const url = 'http://127.0.0.1:9/v1/traces';
  const options = { url, headers: {}, serviceName: 'bench', version: '0', agent: 'bench', clock, log };
  const tracing = await startTracing(options);
  const usual = [metrics.observer, turnLog(log)];
  try {
    const watched = {
      nobody: NO_OBSERVER,
      usual: observers(usual),
      traced: observers([...usual, tracing.observer]),
    };
    const frames = await pairedUs(
      works(watched, () => frame),
      FRAMES,
    );
    const turns = await pairedUs(works(watched, turnOver), TURNS);
    const { text: textUs } = await pairedUs({ text: () => metrics.text().then(() => undefined) }, 1);
    return [
      {
        what: 'a frame: metrics and log, as always (µs)',
        measured: frames.usual.toFixed(3),
        floor: `${frames.nobody.toFixed(3)} telling nobody`,
        ...atMost(frames.usual, LIMIT_FRAME_US, `≤ ${LIMIT_FRAME_US}`),
      },
      {
        what: 'a frame: and traces (µs)',
        measured: frames.traced.toFixed(3),
        ...atMost(frames.traced, LIMIT_FRAME_US, `≤ ${LIMIT_FRAME_US}`),
      },
      { what: 'an answer that is over: metrics and log (µs)', measured: turns.usual.toFixed(1) },
      { what: 'an answer that is over: and a trace of five spans (µs)', measured: turns.traced.toFixed(1) },
      { what: 'making the text of /metrics (ms)', measured: (textUs / 1000).toFixed(1) },
    ];
  } finally {
    metrics.close();
    await tracing.close();
  }
}

/** Tells each observer the same event many times. */
function works<Name extends string>(
  watched: Readonly<Record<Name, Observer>>,
  event: () => SessionEvent,
): Record<Name, Work> {
  const each = Object.entries<Observer>(watched).map(([name, observer]) => {
    const observe = observer.session(IDS);
    const work = (times: number) => {
      for (let time = 0; time < times; time += 1) observe(event());
    };
    return [name, work] as const;
  });
  return Object.fromEntries(each) as Record<Name, Work>;
}

const pcm = new Int16Array(800);
const frame: SessionEvent = { type: 'frame', pcm, timing: 'on_time', face: 'animated' };

function turnOver(): SessionEvent {
  const nowMs = performance.now();
  return {
    type: 'turn_over',
    turn: {
      turnId: 'turn_1795440000000_12345678',
      end: 'completed',
      question: { kind: 'text', atMs: nowMs - 9000 },
      firstSoundAtMs: nowMs - 8000,
      firstFrameAtMs: nowMs - 7990,
      lastFrameAtMs: nowMs - 400,
      endedAtMs: nowMs,
      frames: 240,
      lateFrames: 0,
      dryFrames: 0,
      fillers: 0,
      missingFaces: 0,
    },
  };
}

async function scrapeRows(): Promise<Row[]> {
  await using child = await Child.start('server');
  const clients = await Client.connectMany(child.port, SESSIONS);
  const hearing = Promise.all(
    clients.map((client, id) =>
      client.hear({ id, pauseMs: 10 * id, durationMs: ANSWER_MS, ...FAST_DELIVERY }),
    ),
  );
  const tookMs: number[] = [];
  let bytes = 0;
  for (let count = 0; count < SCRAPES; count += 1) {
    const startedAt = performance.now();
    const response = await fetch(`http://127.0.0.1:${child.port}/metrics`);
    bytes = (await response.text()).length;
    tookMs.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await hearing;
  for (const client of clients) client.close();
  return [
    {
      what: `/metrics while ${SESSIONS} speak, p50 / p95 / max (ms)`,
      measured: spread(summarise(tookMs), 'p95'),
    },
    { what: 'its size (KiB)', measured: (bytes / 1024).toFixed(1) },
  ];
}
