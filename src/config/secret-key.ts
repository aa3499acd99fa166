import { z } from 'zod';

/** What no key holds, and what comes along when a line is written for a shell or with a comment behind it. */
const NOT_A_KEY: readonly RegExp[] = [
  /\$\(/, // a command that no reader of .env files runs: the key would be this very text, which everybody knows
  /`/,
  /(^|\s)#/, // docker's --env-file takes the comment in
  /^(["']).*\1$/s, // and the quotes
];

const EXPECTED =
  'expected the output of `openssl rand -hex 32` itself, without quotes and without a comment on its line (nothing here runs $(…))';

/** A key that is random, or nothing. What cannot be meant as one is refused: it would be a text that others know. */
export function optionalSecretKey() {
  return z
    .string()
    .refine((key) => NOT_A_KEY.every((sign) => !sign.test(key)), EXPECTED)
    .optional();
}
