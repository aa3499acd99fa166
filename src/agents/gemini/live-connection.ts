import {
  GoogleGenAI,
  type GoogleGenAIOptions,
  Live,
  type LiveConnectConfig,
  type LiveServerMessage,
  type Session,
} from '@google/genai';
import { AgentError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import { GuardedSocket } from './guarded-socket.ts';
import type { GeminiSettings } from './live-config.ts';
import { closedError } from './live-errors.ts';

/** A conversation must be set up within this time. */
const SETUP_PATIENCE_MS = 10_000;

/** What a connection is opened with. */
export interface LiveConnectionOptions {
  readonly settings: GeminiSettings;
  readonly config: LiveConnectConfig;
  readonly clock: Clock;
  /** Gives the opening up, or ends the connection. */
  readonly signal: AbortSignal;
  /** A message from the provider; it may have any shape. Must not throw. */
  readonly onMessage: (message: LiveServerMessage) => void;
  /** A message came that cannot be read, and is ignored. */
  readonly onUnreadable: () => void;
  /** The connection is gone, after it was open. At most once, and not after {@link LiveConnection.close}. */
  readonly onLost: (error: AgentError) => void;
}

/** An open connection: the SDK's session to talk through. */
export interface LiveConnection {
  readonly session: Session;
  /** Resolves when both sides have closed. May be called twice; never rejects. */
  close(): Promise<void>;
}

/**
 * Connects, and waits until the provider has accepted the setup.
 *
 * @throws AgentError when that fails or takes longer than 10 s; the signal's reason when aborted. Nothing is left open.
 */
export async function connectLive(options: LiveConnectionOptions): Promise<LiveConnection> {
  const { settings, config, clock, signal, onMessage, onLost, onUnreadable } = options;
  signal.throwIfAborted();
  const phase = config.sessionResumption?.handle === undefined ? 'setup' : 'resuming';
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // who waits for it hears of it; after the opening nobody does
  const settled = new AbortController();
  let socket: GuardedSocket | undefined;
  let state: 'opening' | 'open' | 'over' = 'opening';
  const fail = (error: AgentError) => {
    if (state === 'open') onLost(error);
    if (state === 'open') state = 'over';
    failed.reject(error);
  };
  const close = () => {
    state = 'over';
    socket?.close();
    return socket?.closed ?? Promise.resolve();
  };

  const client = new GuardedClient(clientOptions(settings), {
    create: (url, headers, callbacks) => {
      socket = new GuardedSocket(url, headers, callbacks, { clock, onFailure: fail, onUnreadable });
      return socket;
    },
  });
  const connecting = client.guarded.connect({
    model: settings.GEMINI_MODEL,
    config,
    callbacks: {
      onmessage: (message) => state !== 'over' && onMessage(message),
      onclose: ({ code, reason }) =>
        fail(closedError({ code, reason, phase: state === 'open' ? 'open' : phase })),
    },
  });
  connecting.catch(() => undefined); // its errors quote reasons and addresses; ours are told by `failed`
  const late = clock.sleep(SETUP_PATIENCE_MS, AbortSignal.any([signal, settled.signal])).then(() => {
    throw new AgentError('agent_unavailable', 'Gemini did not set the conversation up in time', {
      retryable: true,
    });
  });
  try {
    const session = await Promise.race([connecting, failed.promise, late]);
    state = 'open';
    return { session, close };
  } catch (error) {
    void close();
    if (signal.aborted || error instanceof AgentError) throw error;
    throw new AgentError('agent_unavailable', 'Gemini could not be connected', { retryable: true });
  } finally {
    late.catch(() => undefined);
    settled.abort();
  }
}

/** The SDK's client on our socket. Inherits because the SDK shows what its `Live` needs to heirs only. */
class GuardedClient extends GoogleGenAI {
  readonly guarded: Live;

  constructor(options: GoogleGenAIOptions, sockets: ConstructorParameters<typeof Live>[2]) {
    super(options);
    // The key travels in the address; only Vertex AI asks for headers.
    this.guarded = new Live(this.apiClient, { addAuthHeaders: () => Promise.resolve() }, sockets);
  }
}

/** Everything the SDK would otherwise look up in the environment is said. */
function clientOptions(settings: GeminiSettings): GoogleGenAIOptions {
  return {
    vertexai: false,
    apiKey: settings.GEMINI_API_KEY ?? '',
    httpOptions: {
      apiVersion: settings.GEMINI_API_VERSION,
      baseUrl: settings.GOOGLE_GEMINI_BASE_URL ?? 'https://generativelanguage.googleapis.com/',
    },
  };
}
