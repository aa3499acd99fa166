/** Where a player's sound goes. All times are samples at `sampleRate` on the output's own clock. */
export interface Output {
  readonly sampleRate: number;
  /** It makes so much sound at a time: a start must be told at least this long (samples) before. */
  readonly block: number;
  /** Whether the clock runs: browsers hold sound back until the page is clicked or a key is pressed. */
  readonly running: boolean;
  /** The time of the next sound to be made. */
  now(): number;
  /** How long sound takes from there to the ear. */
  latency(): number;
  /** Calls `listener` whenever `running` has changed. */
  onChange(listener: () => void): void;
  /** A new turn's own way to the loudspeaker. */
  voice(): Voice;
  /** Asks for the clock to run; resolves when that is decided. */
  resume(): Promise<void>;
  /** Lets the loudspeaker go. */
  close(): void;
}

/** One turn's way to the loudspeaker. */
export interface Voice {
  /**
   * Plays samples (-1 to 1) from `startAt` on.
   *
   * @param begins nothing sounds just before: its beginning must not click.
   */
  play(samples: Float32Array<ArrayBuffer>, startAt: number, begins: boolean): void;
  /** Fades out within 10 ms from `at` on; nothing sounds after. */
  stop(at: number): void;
}

/** An output without a loudspeaker, on the system's monotonic clock: for Node. */
export function silentOutput(sampleRate: number): Output {
  return {
    sampleRate,
    block: 0,
    running: true,
    now: () => (performance.now() / 1000) * sampleRate,
    latency: () => 0,
    onChange: () => undefined,
    voice: () => ({ play: () => undefined, stop: () => undefined }),
    resume: () => Promise.resolve(),
    close: () => undefined,
  };
}
