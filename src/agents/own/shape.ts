import { z } from 'zod';

/** A method: what it takes and gives shows only when it is called. */
const method = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'expected a function',
});

const name = z.string({ error: 'expected a text' }).min(1, 'expected a text');
const yesOrNo = z.boolean({ error: 'expected true or false' });
const rate = z
  .int({ error: 'expected a sample rate in Hz' })
  .min(8000, 'expected at least 8000 Hz')
  .max(96_000, 'expected at most 96000 Hz')
  .multipleOf(25, 'expected a usual sample rate'); // converting others would take filters of megabytes

const moduleShape = z.object(
  {
    name,
    settings: z
      .custom<object>(isSchema, { error: 'expected a schema of zod, or of another standard schema library' })
      .optional(),
    create: method,
  },
  { error: 'expected an export `agent` of {name, settings?, create}' },
);

const agentShape = z.object(
  {
    name,
    audio: z.object({ inputRate: rate, outputRate: rate }, { error: 'expected {inputRate, outputRate}' }),
    capabilities: z.object(
      {
        serverTurnDetection: yesOrNo,
        truncation: yesOrNo,
        userTranscript: yesOrNo,
        text: yesOrNo,
        tools: yesOrNo,
        vision: yesOrNo,
      },
      { error: 'expected the six capabilities' },
    ),
    charsPerSecond: z.number({ error: 'expected a number' }).positive('expected more than 0'),
    open: method,
    close: method,
  },
  { error: 'expected an object with name, audio, capabilities, charsPerSecond, open, close' },
);

/** Everything that is wrong with what a module exports; empty for a good one. */
export function moduleProblems(value: unknown): string[] {
  return problems(moduleShape, value);
}

/** Everything that is wrong with what a module made for an agent; empty for a good one. */
export function agentProblems(value: unknown): string[] {
  return problems(agentShape, value);
}

function problems(shape: z.ZodType, value: unknown): string[] {
  const issues = shape.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
}

function isSchema(value: unknown): boolean {
  const standard = (value as { '~standard'?: { validate?: unknown } } | null | undefined)?.['~standard'];
  return typeof standard?.validate === 'function';
}
