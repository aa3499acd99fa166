import { z } from 'zod';

/**
 * Kinds of environment variables. Each takes the raw text (undefined when unset) and says in plain words what it
 * expected. An empty text never arrives here: it counts as unset (docker env files cannot leave a variable out).
 */

/** Any text. */
export function text(fallback: string) {
  return z.string().default(fallback);
}

/** Any text, or nothing. */
export function optionalText() {
  return z.string().optional();
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
  fallback: Words[number],
) {
  return anyOf(words).default(fallback as never);
}

/** true or false, also as 1, 0, yes, no, on, off. */
export function flag(fallback: boolean) {
  return z
    .stringbool({
      truthy: ['true', '1', 'yes', 'on'],
      falsy: ['false', '0', 'no', 'off'],
      error: 'expected true or false',
    })
    .default(fallback);
}

/** A whole number within bounds. */
export function integer(fallback: number, min: number, max: number) {
  return number(min, max, 'a whole number')
    .refine(Number.isInteger, `expected a whole number from ${min} to ${max}`)
    .default(fallback);
}

/** A number within bounds. */
export function decimal(fallback: number, min: number, max: number) {
  return number(min, max, 'a number').default(fallback);
}

/** One of a few whole numbers. */
export function integerChoice<const Numbers extends readonly number[]>(
  numbers: Numbers,
  fallback: Numbers[number],
) {
  const expected = `expected one of ${numbers.join(', ')}`;
  return z
    .string()
    .transform((raw, context) => {
      const found = numbers.find((value) => String(value) === raw);
      if (found !== undefined) return found as Numbers[number];
      context.addIssue(expected);
      return z.NEVER;
    })
    .default(fallback as never);
}

/** Comma-separated texts. */
export function list(fallback: readonly string[]) {
  return z
    .string()
    .transform((raw) =>
      raw
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .default([...fallback]);
}

/** A ws:// or wss:// address, or nothing. */
export function optionalWebSocketUrl() {
  return z.url({ protocol: /^wss?$/, error: 'expected a ws:// or wss:// address' }).optional();
}

/** An http:// or https:// address, or nothing. */
export function optionalHttpUrl() {
  return z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' }).optional();
}

function anyOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}

function number(min: number, max: number, kind: string) {
  const expected = `expected ${kind} from ${min} to ${max}`;
  return z.string().transform((raw, context) => {
    const value = Number(raw);
    if (raw.trim() !== '' && value >= min && value <= max) return value;
    context.addIssue(expected);
    return z.NEVER;
  });
}
