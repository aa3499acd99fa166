import type { Logger } from '../../log.ts';
import type { Agent } from '../agent.ts';
import { Complaints } from './complaints.ts';
import { dial } from './dial.ts';
import { RemoteSession } from './remote-session.ts';

/** Hz, both ways, unless the agent asks for another: what agents of the reference server speak. */
const SAMPLE_RATE = 24_000;

/** It is to be used again within 3 s of its return, and a try costs next to nothing. */
const MAX_RETRY_MS = 2000;

/** How the remote agent is set up. */
export interface RemoteSettings {
  /** ws:// or wss:// */
  readonly url: string;
  readonly charsPerSecond: number;
  readonly log: Logger;
}

/**
 * An agent that is a service of the user's, in any language: one WebSocket per conversation, JSON messages
 * (docs/remote-agent.md). Agents written for the reference server work as they are.
 */
export function createRemoteAgent({ url, charsPerSecond, log }: RemoteSettings): Agent {
  const complaints = new Complaints(log);
  const audio = { inputRate: SAMPLE_RATE, outputRate: SAMPLE_RATE };
  return {
    name: 'remote',
    audio,
    // What it is offered; whether a picture can be seen is known when the agent has said so.
    capabilities: {
      serverTurnDetection: true,
      truncation: true,
      userTranscript: true,
      text: true,
      tools: true,
      vision: true,
    },
    charsPerSecond,
    maxRetryMs: MAX_RETRY_MS,
    open: async (conversation) => {
      const socket = await dial(url, conversation.signal, conversation.clock);
      return new RemoteSession({ socket, conversation, audio, complaints });
    },
    close: () => Promise.resolve(),
  };
}
