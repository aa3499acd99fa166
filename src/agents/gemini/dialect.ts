/** What a generation of live models takes. */
export interface Dialect {
  /**
   * Whether turns may be added to the conversation (`clientContent`) at any time. Where not, typed text is realtime input
   * like sound, and a conversation so far is told in the system instruction.
   */
  readonly clientContent: boolean;
}

/**
 * How to talk to a model. From Gemini 3 on, live models close the connection (1007) on turns that are added to a running
 * conversation.
 */
export function dialectOf(model: string): Dialect {
  const generation = /gemini-(\d+)/.exec(model)?.[1];
  return { clientContent: generation === undefined || Number(generation) < 3 };
}
