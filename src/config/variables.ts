import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';
import { BLENDSHAPE_INDEX, type Blendshape } from '../protocol/blendshapes.ts';
import { isOrigin } from '../protocol/origin.ts';

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

/** Some of a few words, comma-separated; `none` for none of them. */
export function choices<const Words extends readonly [string, ...string[]]>(
  words: Words,
  fallback: readonly Words[number][],
) {
  const expected = `expected some of ${words.join(', ')}, comma-separated, or none`;
  return z
    .string()
    .transform((raw, context): readonly Words[number][] => {
      if (raw === 'none') return [];
      const items = raw.split(',').map((item) => item.trim());
      const found = words.filter((word) => items.includes(word));
      if (items.every((item) => found.includes(item))) return found;
      context.addIssue(expected);
      return z.NEVER;
    })
    .default([...fallback]);
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

/** A whole number within bounds, or nothing. */
export function optionalInteger(min: number, max: number) {
  return number(min, max, 'a whole number')
    .refine(Number.isInteger, `expected a whole number from ${min} to ${max}`)
    .optional();
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

/** Origins as browsers write them, comma-separated; at least one. */
export function origins(fallback: readonly string[]) {
  const expected =
    'expected origins as browsers write them, comma-separated: https://example.com, http://localhost:5173 (small letters, no slash at the end, no path, no standard port, no *)';
  return list(fallback).refine((items) => items.length > 0 && items.every(isOrigin), expected);
}

/** Whom to believe what it says of others: true or false, a number of hops, or addresses and networks. */
export function trustedProxies() {
  return z
    .string()
    .transform((raw, context): boolean | number | readonly string[] => {
      if (raw === 'true' || raw === 'false') return raw === 'true';
      if (/^\d{1,2}$/.test(raw)) return Number(raw);
      const proxies = raw.split(',').map((item) => item.trim());
      if (proxies.every(isNetwork)) return proxies;
      context.addIssue(
        'expected true, false, a number of proxies, or addresses and networks, comma-separated (10.0.0.0/8)',
      );
      return z.NEVER;
    })
    .default(false);
}

/** Networks that have a name, as the library knows them. */
const NETWORK_NAMES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(text: string): boolean {
  const [address = ''] = text.split('/');
  if (isIP(address) === 0 && !NETWORK_NAMES.includes(text)) return false;
  try {
    proxyAddr.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** `name=value` pairs, comma-separated, the values percent-encoded where they need it (as OpenTelemetry writes headers). */
export function pairs() {
  return z
    .string()
    .transform((raw, context): Readonly<Record<string, string>> => {
      const found = raw
        .split(',')
        .map((item) => PAIR.exec(item))
        .map((match) => [match?.[1] ?? '', decoded(match?.[2] ?? '')] as const);
      if (found.every(([name, value]) => name !== '' && value !== undefined)) {
        return Object.fromEntries(found) as Record<string, string>;
      }
      context.addIssue('expected name=value, comma-separated');
      return z.NEVER;
    })
    .default({});
}

const PAIR = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/;

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Blendshapes with a gain each, and perhaps an offset: `jawOpen=1.4,mouthSmileLeft=1+0.1`. */
export function gains() {
  return z
    .string()
    .transform((raw, context) => {
      const found = new Map<Blendshape, { readonly gain: number; readonly offset: number }>();
      for (const item of raw.split(',')) {
        const [, name = '', gain, offset = '0'] = GAIN.exec(item) ?? [];
        if (gain === undefined || !isBlendshape(name)) {
          context.addIssue(
            'expected name=gain or name=gain+offset, comma-separated, each name one of the 52',
          );
          return z.NEVER;
        }
        found.set(name, { gain: Number(gain), offset: Number(offset) });
      }
      return found as ReadonlyMap<Blendshape, { readonly gain: number; readonly offset: number }>;
    })
    .default(new Map());
}

const GAIN = /^\s*(\w+)\s*=\s*(\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?\s*$/;

function isBlendshape(name: string): name is Blendshape {
  return Object.hasOwn(BLENDSHAPE_INDEX, name);
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
