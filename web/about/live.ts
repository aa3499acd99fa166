/** What `/health` says of who is live. */
export interface Live {
  readonly agent: string;
  /** Undefined where the server does not know. */
  readonly agentReachable: boolean | undefined;
  readonly agentSees: boolean;
  readonly face: string;
  /** A better face rests after failures. */
  readonly faceRests: boolean;
}

/** A server that takes longer to say is away (ms). */
const WITHIN_MS = 8000;

/** Asks the server who is live; undefined if it cannot be asked, or says what nobody understands. */
export async function askLive(): Promise<Live | undefined> {
  try {
    const response = await fetch('./health', { signal: AbortSignal.timeout(WITHIN_MS) });
    const said = (await response.json()) as Readonly<Record<string, unknown>>;
    const { agent, face, agent_reachable: reachable } = said;
    if (!response.ok || typeof agent !== 'string' || typeof face !== 'string') return undefined;
    return {
      agent,
      face,
      agentReachable: typeof reachable === 'boolean' ? reachable : undefined,
      agentSees: said['agent_sees'] === true,
      faceRests: typeof said['resting'] === 'string',
    };
  } catch {
    return undefined; // the state says that the server is away
  }
}
