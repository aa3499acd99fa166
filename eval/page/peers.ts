/**
 * Runs in a browser: the peers, each in a context that renders faster than it plays (OfflineAudioContext) and is stopped
 * sixty times a second, as often as a page would ask them. They hear the same samples in every run.
 */

/** How often a page asks (Hz), as its animation frames come. */
const ASKED_HZ = 60;

/** Hz the contexts run at: what a sound card usually has. */
const CONTEXT_HZ = 48_000;

/** Names of the visemes in the order in which they are given back. */
const NAMES = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'];

/** A sound to hear: 16-bit samples in base64, and their rate. */
interface Sound {
  readonly base64: string;
  readonly sampleRate: number;
}

/** Visemes at the end of each 30th of a second. */
type Rows = number[][];

declare global {
  interface Window {
    runWawa(sound: Sound): Promise<Rows>;
    runHeadAudio(sound: Sound): Promise<Rows>;
  }
}

window.runWawa = async (sound) => {
  const { Lipsync } = (await import('/wawa-lipsync.js' as string)) as {
    Lipsync: new () => { viseme: string; processAudio(): void; analyser: AnalyserNode };
  };
  const context = contextFor(sound);
  // It makes its context itself, and asks the clock how long a viseme has been on.
  const { AudioContext: realContext } = window;
  const realNow = performance.now.bind(performance);
  window.AudioContext = function offline() {
    return context;
  } as unknown as typeof AudioContext;
  performance.now = () => context.currentTime * 1000;
  try {
    const lipsync = new Lipsync();
    const source = sourceOf(sound, context);
    source.connect(lipsync.analyser).connect(context.destination);
    return await rendered(context, source, () => {
      lipsync.processAudio();
      return NAMES.map((name) => Number(lipsync.viseme === `viseme_${name}`));
    });
  } finally {
    window.AudioContext = realContext;
    performance.now = realNow;
  }
};

window.runHeadAudio = async (sound) => {
  const { HeadAudio } = (await import('/headaudio.js' as string)) as {
    HeadAudio: new (
      context: BaseAudioContext,
      options: object,
    ) => AudioWorkletNode & {
      onvalue: (name: string, value: number) => void;
      loadModel(url: string): Promise<void>;
      update(deltaMs: number): void;
    };
  };
  const context = contextFor(sound);
  await context.audioWorklet.addModule('/headworklet.js');
  // The settings of its own example.
  const node = new HeadAudio(context, {
    processorOptions: {},
    parameterData: { vadGateActiveDb: -40, vadGateInactiveDb: -60 },
  });
  await node.loadModel('/headaudio-model.bin');
  const values = new Map<string, number>();
  node.onvalue = (name, value) => values.set(name, value);
  const source = sourceOf(sound, context);
  source.connect(node);
  return rendered(context, source, async () => {
    await messagesCome();
    node.update(1000 / ASKED_HZ);
    return NAMES.map((name) => values.get(`viseme_${name}`) ?? 0);
  });
};

function contextFor({ base64, sampleRate }: Sound): OfflineAudioContext {
  const seconds = samplesIn(base64) / sampleRate;
  return new OfflineAudioContext(1, Math.ceil(seconds * CONTEXT_HZ) + CONTEXT_HZ / 2, CONTEXT_HZ);
}

function samplesIn(base64: string): number {
  return atob(base64).length / 2;
}

function sourceOf({ base64, sampleRate }: Sound, context: BaseAudioContext): AudioBufferSourceNode {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const pcm = new Int16Array(bytes.buffer);
  const buffer = new AudioBuffer({ length: pcm.length, sampleRate, numberOfChannels: 1 });
  buffer.copyToChannel(
    Float32Array.from(pcm, (sample) => sample / 32_768),
    0,
  );
  return new AudioBufferSourceNode(context, { buffer });
}

/** Renders to the end, asking at every 60th of a second; every second answer is a frame's. */
async function rendered(
  context: OfflineAudioContext,
  source: AudioBufferSourceNode,
  ask: () => number[] | Promise<number[]>,
): Promise<Rows> {
  const rows: Rows = [];
  const asks = Math.floor(((source.buffer?.duration ?? 0) * ASKED_HZ) / 2) * 2;
  for (let index = 1; index <= asks; index += 1) {
    void context.suspend(index / ASKED_HZ).then(async () => {
      const row = await ask();
      if (index % 2 === 0) rows.push(row);
      await context.resume();
    });
  }
  source.start();
  await context.startRendering();
  return rows;
}

/** What the audio thread has sent is heard in tasks of their own. */
function messagesCome(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

export {}; // a module, so that what it says of Window counts
