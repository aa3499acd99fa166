/** A device that gives sound to a {@link FakeMicrophone}'s page, until it is stopped or unplugged. */
export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';

  stop(): void {
    this.readyState = 'ended';
  }

  /** What happens when somebody pulls the plug. */
  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

/** The page's audio context, as far as a microphone needs one. */
export class FakeContext extends EventTarget {
  readonly sampleRate = 48_000;
  state: 'running' | 'suspended' | 'interrupted' | 'closed' = 'running';
  /** How often it was asked to run. */
  resumed = 0;

  /** The system takes the sound away, or gives it back. */
  become(state: FakeContext['state']): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** What a browser has of a microphone, for Node; every step can be held up or fail. */
export class FakeMicrophone {
  readonly tracks: FakeTrack[] = [];
  readonly contexts: FakeContext[] = [];
  /** Called where a browser would ask the user, make the context, load the worklet and let sound run. */
  onAsk: () => void | Promise<void> = () => undefined;
  onContext: () => void = () => undefined;
  onWorklet: () => void | Promise<void> = () => undefined;
  onResume: () => void | Promise<void> = () => undefined;
  /** Answers a flush as the audio thread does; a test may keep it for later. */
  onFlush: (answer: () => void) => void = (answer) => setTimeout(answer, 1);
  /** Sends sound, as the audio thread does. */
  say: (samples: Float32Array) => void = () => undefined;
  readonly #before = new Map<string, PropertyDescriptor | undefined>();

  /** Puts it in the place of the browser's; {@link remove} takes it away. */
  install(): this {
    const fake = this;
    this.#put('isSecureContext', true);
    this.#put('navigator', {
      mediaDevices: {
        getUserMedia: async () => {
          await fake.onAsk();
          const track = new FakeTrack();
          fake.tracks.push(track);
          return { getTracks: () => [track] };
        },
      },
    });
    this.#put(
      'AudioContext',
      class extends FakeContext {
        readonly audioWorklet = { addModule: async () => await fake.onWorklet() };

        constructor() {
          super();
          fake.onContext();
          fake.contexts.push(this);
        }

        createMediaStreamSource() {
          return { connect: () => undefined };
        }

        async resume(): Promise<void> {
          this.resumed += 1;
          await fake.onResume();
        }

        async close(): Promise<void> {
          this.state = 'closed';
        }
      },
    );
    this.#put(
      'AudioWorkletNode',
      class {
        readonly port = {
          onmessage: undefined as ((event: { data: unknown }) => void) | undefined | null,
          postMessage: () => fake.onFlush(() => this.port.onmessage?.({ data: 'flushed' })),
        };

        constructor() {
          fake.say = (data) => this.port.onmessage?.({ data });
        }
      },
    );
    return this;
  }

  /** Puts back what was there before. */
  remove(): void {
    for (const [name, before] of this.#before) {
      if (before === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, before);
    }
    this.#before.clear();
  }

  #put(name: string, value: unknown): void {
    this.#before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/** What a browser throws when something is refused. */
export function refusal(name: string): Error {
  return Object.assign(new Error(name), { name });
}
