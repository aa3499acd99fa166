import type { Output, Voice } from './output.ts';

/** A voice that is cut off fades out in this time (s). */
const FADE_S = 0.008;

/** The browser's estimate of what is heard may differ this much (s) from the latency it tells. */
const CREDIBLE_S = 0.03;

/** A sound that begins or breaks off in the middle of a word is led in and out in this time (s), outside of its samples. */
const EDGE_S = 0.003;

/**
 * The loudspeaker, through Web Audio.
 *
 * @param context at whatever rate; it is closed with the output only if the output `owns` it.
 */
export function audioOutput(context: AudioContext, owns: boolean, destination?: AudioNode): Output {
  const { sampleRate } = context;
  return {
    sampleRate,
    block: Math.ceil((context.baseLatency || 0) * sampleRate),
    get running() {
      return context.state === 'running';
    },
    now: () => context.currentTime * sampleRate,
    latency: () => latencyS(context) * sampleRate,
    onChange: (listener) => context.addEventListener('statechange', listener),
    voice: () => audioVoice(context, destination ?? context.destination),
    resume: () => context.resume(),
    close: () => {
      if (owns && context.state !== 'closed') context.close().catch(() => undefined);
    },
  };
}

/** How long sound takes from the clock to the ear (s). The clock goes in steps of a block; the browser's own estimate does not. */
function latencyS(context: AudioContext): number {
  // Some browsers do not know how long their sound takes to the ear.
  const told = context.outputLatency || context.baseLatency || 0;
  const { contextTime, performanceTime } = context.getOutputTimestamp?.() ?? {};
  if (!contextTime || !performanceTime) return told;
  const heardS = contextTime + (performance.now() - performanceTime) / 1000;
  const estimate = context.currentTime - heardS;
  // An estimate that stands still, or is of another clock, soon lies.
  return Math.abs(estimate - told) < CREDIBLE_S ? estimate : told;
}

function audioVoice(context: AudioContext, destination: AudioNode): Voice {
  const { sampleRate } = context;
  const gain = context.createGain();
  gain.connect(destination);
  const sources = new Set<AudioBufferSourceNode>();
  /** Leads the voice out if nothing follows in time. */
  let tail: AudioBufferSourceNode | undefined;

  const start = (samples: Float32Array<ArrayBuffer>, startAt: number) => {
    const buffer = context.createBuffer(1, samples.length, sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(gain);
    source.addEventListener('ended', () => {
      sources.delete(source);
      source.disconnect();
    });
    // On a whole sample: a start between two would be interpolated.
    source.start(startAt / sampleRate);
    sources.add(source);
    return source;
  };

  return {
    play: (samples, startAt, begins) => {
      const edge = Math.round(EDGE_S * sampleRate);
      if (begins) start(ramp(samples[0] ?? 0, edge).reverse(), startAt - edge);
      else tail?.stop();
      start(samples, startAt);
      tail = start(ramp(samples.at(-1) ?? 0, edge), startAt + samples.length);
    },
    stop: (at) => {
      const seconds = Math.max(context.currentTime, at / sampleRate);
      gain.gain.setValueAtTime(1, seconds);
      gain.gain.linearRampToValueAtTime(0, seconds + FADE_S);
      for (const source of sources) source.stop(seconds + FADE_S);
    },
  };
}

/** From just below `value` down to nothing. */
function ramp(value: number, length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, at) => value * (1 - (at + 1) / length));
}
