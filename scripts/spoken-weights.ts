import type { Phone } from '../eval/material/clip.ts';
import { visemeWithin } from '../eval/material/phone-classes.ts';
import { resampled } from '../eval/material/recordings.ts';
import { SENTENCES } from '../eval/material/sentences.ts';
import { parsePhones } from '../eval/material/synthetic.ts';
import { MOMENTS } from '../eval/screens/moments.ts';
import { loadFlite, runFlite } from '../src/agents/offline/speech/flite.ts';
import { ScriptedAgent } from '../src/agents/scripted/scripted-agent.ts';
import { OFFLINE_VOICES } from '../src/config/agent-settings.ts';
import { VISEMES } from '../src/protocol/visemes.ts';
import { runApp, TestClient } from '../test/support/client.ts';

/**
 * `node scripts/spoken-weights.ts`: what the server sends while the embedded face speaks typed sentences, in all voices of
 * flite and in real time (about 80 s): each channel's 25th, 50th and 85th percentile in the middle of each class of sounds.
 * It is what web/face/articulation.ts is drawn by.
 */
const RATE = 24_000;
const CHANNELS = [
  ...['jawOpen', 'mouthClose', 'mouthLowerDownLeft', 'mouthUpperUpLeft', 'mouthPucker', 'mouthFunnel'],
  ...[
    'mouthStretchLeft',
    'mouthPressLeft',
    'mouthRollLower',
    'mouthRollUpper',
    'mouthShrugUpper',
    'mouthSmileLeft',
  ],
];

type Weights = Readonly<Record<string, number>>;

const flite = await loadFlite();
const phonesOf = new Map<string, readonly Phone[]>();
const agent = new ScriptedAgent({
  onText: async (order, session) => {
    const [voice = '', sentence = ''] = order.split('|');
    const { pcm, sampleRate } = await runFlite(flite, voice, sentence, {
      also: ['-psdur'],
      onLine: (line) => {
        if (line.includes(':')) phonesOf.set(order, parsePhones(line));
      },
    });
    const turnId = crypto.randomUUID();
    session.emit({ type: 'turn_started', turnId });
    session.emit({ type: 'audio', turnId, pcm: resampled(pcm, sampleRate, RATE) });
    session.emit({ type: 'turn_ended', turnId });
  },
});

const seen = new Map<string, Weights[]>(VISEMES.map((viseme) => [viseme, []]));
const running = await runApp({ FACE_ENGINE: 'embedded' }, { agent });
await Promise.all(OFFLINE_VOICES.map(listen));
await running.app.close();
print();

async function listen(voice: string): Promise<void> {
  const client = await TestClient.connect(running.ws);
  for (const sentence of [...SENTENCES.flat(), ...MOMENTS.map((moment) => moment.sentence)]) {
    const order = `${voice}|${sentence}`;
    client.received.length = 0;
    client.send({ type: 'text', data: order });
    await client.until(() => client.of('audio_end').length > 0, 60_000);
    client.of('sync_frame').forEach(({ weights }, frame) => {
      const timeS = (frame + 0.5) / 30;
      const phone = phonesOf.get(order)?.find(({ start, end }) => timeS >= start && timeS < end);
      if (phone === undefined) return;
      const share = (timeS - phone.start) / (phone.end - phone.start);
      // Its edges belong to its neighbours as well.
      if (share > 0.2 && share < 0.8) seen.get(visemeWithin(phone.name, share))?.push(weights as Weights);
    });
  }
  await client.close();
}

function print(): void {
  const cells = (row: readonly string[]) => console.log(`| ${row.join(' | ')} |`);
  cells(['', 'frames', ...CHANNELS.map((name) => name.replace(/^mouth|Left$/g, ''))]);
  cells(['---', '---', ...CHANNELS.map(() => '---')]);
  const spoken = VISEMES.filter((viseme) => viseme !== 'sil').flatMap((viseme) => seen.get(viseme) ?? []);
  for (const [name, frames] of [...seen, ['all but sil', spoken] as const])
    cells([name, String(frames.length), ...CHANNELS.map((channel) => percentiles(frames, channel))]);
}

function percentiles(frames: readonly Weights[], channel: string): string {
  const sorted = frames.map((weights) => weights[channel] ?? 0).sort((a, b) => a - b);
  return [0.25, 0.5, 0.85]
    .map((share) => (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(2).replace(/^0/, ''))
    .join(' ');
}
