import type { LiveClientSetup } from '@google/genai';
import { z } from 'zod';

const content = z.strictObject({
  role: z.string().optional(),
  parts: z.array(z.strictObject({ text: z.string() })).min(1),
});

const functionDeclaration = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/),
  description: z.string(),
  parametersJsonSchema: z.looseObject({ type: z.literal('object') }).optional(),
});

/** The part of the API's setup that voice conversations use; strict, because the API is. */
const setup = z.strictObject({
  model: z.string().regex(/^models\/.+/),
  generationConfig: z.strictObject({
    responseModalities: z.tuple([z.literal('AUDIO')]),
    speechConfig: z
      .strictObject({
        voiceConfig: z.strictObject({
          prebuiltVoiceConfig: z.strictObject({ voiceName: z.string().min(1) }),
        }),
      })
      .optional(),
    thinkingConfig: z
      .strictObject({ includeThoughts: z.boolean().optional(), thinkingBudget: z.int().min(-1).optional() })
      .optional(),
    temperature: z.number().min(0).max(2).optional(),
    maxOutputTokens: z.int().positive().optional(),
  }),
  systemInstruction: content.optional(),
  tools: z
    .array(
      z.union([
        z.strictObject({ googleSearch: z.strictObject({}) }),
        z.strictObject({ functionDeclarations: z.array(functionDeclaration).min(1) }),
      ]),
    )
    .optional(),
  sessionResumption: z.strictObject({ handle: z.string().optional() }).optional(),
  contextWindowCompression: z.strictObject({ slidingWindow: z.strictObject({}) }).optional(),
  // A model in here closes the real connection.
  inputAudioTranscription: z.strictObject({}).optional(),
  outputAudioTranscription: z.strictObject({}).optional(),
  proactivity: z.strictObject({ proactiveAudio: z.boolean() }).optional(),
  realtimeInputConfig: z
    .strictObject({
      automaticActivityDetection: z
        .strictObject({
          disabled: z.boolean().optional(),
          startOfSpeechSensitivity: z
            .enum(['START_SENSITIVITY_UNSPECIFIED', 'START_SENSITIVITY_LOW', 'START_SENSITIVITY_HIGH'])
            .optional(),
          endOfSpeechSensitivity: z
            .enum(['END_SENSITIVITY_UNSPECIFIED', 'END_SENSITIVITY_LOW', 'END_SENSITIVITY_HIGH'])
            .optional(),
          prefixPaddingMs: z.int().optional(),
          silenceDurationMs: z.int().optional(),
        })
        .optional(),
      turnCoverage: z
        .enum(['TURN_COVERAGE_UNSPECIFIED', 'TURN_INCLUDES_ONLY_ACTIVITY', 'TURN_INCLUDES_ALL_INPUT'])
        .optional(),
    })
    .optional(),
} satisfies Partial<Record<keyof LiveClientSetup, z.ZodType>>);

/** A setup as it stands on the wire. */
export type GeminiSetup = z.output<typeof setup>;

/** What is wrong with a first message, or the setup in it. */
export type CheckedSetup = { readonly setup: GeminiSetup } | { readonly problem: string };

/** Checks a conversation's first message as strictly as the API does. Never throws. */
export function checkSetup(message: unknown): CheckedSetup {
  const parsed = z.strictObject({ setup }).safeParse(message);
  if (parsed.success) return { setup: parsed.data.setup };
  const [issue] = parsed.error.issues;
  const what = issue === undefined ? 'setup' : `${issue.path.join('.')}: ${issue.message}`;
  return { problem: `Request contains an invalid argument. ${what}` };
}
