import type { LiveServerMessage } from '@google/genai';

/** A message of the server, in the SDK's own types. */
export type GeminiMessage = Omit<LiveServerMessage, 'text' | 'data'>;

/** One thing a fake Gemini does on a connection. The functions of this file make them. */
export type GeminiStep =
  | { readonly do: 'send'; readonly message: GeminiMessage }
  | { readonly do: 'sendRaw'; readonly text: string }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'stall' }
  | { readonly do: 'close'; readonly code: number; readonly reason: string }
  | { readonly do: 'reset' };

/** What is played one after the other; lists in it are played in their place. */
export type GeminiSteps = readonly (GeminiStep | GeminiSteps)[];

/** How {@link speech} sounds. */
export interface SpeechOptions {
  /** Hz of the tone; 220 unless given. */
  readonly hz?: number;
  /** Hz of the samples, also named in the MIME type; 24000 unless given. */
  readonly sampleRate?: number;
  /** Milliseconds in a message; 100 unless given. One giant message: as long as the speech. */
  readonly pieceMs?: number;
}

/** Any message, right or wrong. */
export function send(message: GeminiMessage): GeminiStep {
  return { do: 'send', message };
}

/** So many milliseconds of a tone, as sound of the model. */
export function speech(ms: number, options: SpeechOptions = {}): GeminiStep[] {
  const { hz = 220, sampleRate = 24_000, pieceMs = 100 } = options;
  const pcm = Int16Array.from({ length: Math.round((ms * sampleRate) / 1000) }, (_, index) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * hz * index) / sampleRate)),
  );
  const pieceSamples = Math.max(1, Math.round((pieceMs * sampleRate) / 1000));
  return Array.from({ length: Math.ceil(pcm.length / pieceSamples) }, (_, index) =>
    sound(
      Buffer.from(pcm.buffer).subarray(index * pieceSamples * 2, (index + 1) * pieceSamples * 2),
      sampleRate,
    ),
  );
}

/** These bytes as sound of the model, odd numbers of them included. */
export function sound(bytes: Uint8Array, sampleRate = 24_000): GeminiStep {
  const inlineData = {
    data: Buffer.from(bytes).toString('base64'),
    mimeType: `audio/pcm;rate=${sampleRate}`,
  };
  return send({ serverContent: { modelTurn: { role: 'model', parts: [{ inlineData }] } } });
}

/** Words of the model, as the transcript of its sound. */
export function words(text: string): GeminiStep {
  return send({ serverContent: { outputTranscription: { text } } });
}

/** A thought of the model: text that nobody should hear or see. */
export function thought(text: string): GeminiStep {
  return send({ serverContent: { modelTurn: { role: 'model', parts: [{ text, thought: true }] } } });
}

/** A fragment of what the user said. */
export function heard(text: string): GeminiStep {
  return send({ serverContent: { inputTranscription: { text } } });
}

/** The user has begun to speak: what was being said is over. */
export function interrupted(): GeminiStep {
  return send({ serverContent: { interrupted: true } });
}

/** The model has said all; the turn goes on until {@link turnComplete}. */
export function generationComplete(): GeminiStep {
  return send({ serverContent: { generationComplete: true } });
}

/** The turn is over; `whole`: with all its words once more, as the API sometimes does. */
export function turnComplete(whole?: string): GeminiStep {
  return send({
    serverContent: {
      turnComplete: true,
      ...(whole === undefined ? {} : { outputTranscription: { text: whole } }),
    },
  });
}

/** The end of an answer as it usually comes. */
export function complete(): GeminiStep[] {
  return [generationComplete(), turnComplete()];
}

/** The model calls a function and waits for the answer. */
export function toolCall(id: string, name: string, args: Record<string, unknown> = {}): GeminiStep {
  return send({ toolCall: { functionCalls: [{ id, name, args }] } });
}

/** Calls are not to be answered any more. */
export function cancelCalls(...ids: string[]): GeminiStep {
  return send({ toolCallCancellation: { ids } });
}

/** The connection will end in so many seconds. What ends it is another step: {@link cut}. */
export function goAway(seconds = 60): GeminiStep {
  return send({ goAway: { timeLeft: `${seconds}s` } });
}

/** A handle; with none, the conversation cannot be resumed as it is now. */
export function resumption(newHandle?: string): GeminiStep {
  return send({
    sessionResumptionUpdate: newHandle === undefined ? { resumable: false } : { newHandle, resumable: true },
  });
}

/** Any text: broken JSON, a message of another world. */
export function raw(text: string): GeminiStep {
  return { do: 'sendRaw', text };
}

/** Nothing, for so many milliseconds of the fake's clock. */
export function pause(ms: number): GeminiStep {
  return { do: 'pause', ms };
}

/** Nothing, for ever; the socket stays open. */
export function stall(): GeminiStep {
  return { do: 'stall' };
}

/** Closes the socket, by default as the API does when a connection is 58 minutes old. */
export function cut(code = 1011, reason = 'The service is currently unavailable.'): GeminiStep {
  return { do: 'close', code, reason };
}

/** Breaks the connection without a word (RST). */
export function reset(): GeminiStep {
  return { do: 'reset' };
}
