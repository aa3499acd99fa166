#!/usr/bin/env node

/**
 * What `npx avatar-chat-server` runs. It imports nothing at first, so that an older Node gets a sentence instead of a
 * syntax error of something it does not know.
 */
const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `avatar-chat-server needs Node ${OLDEST_NODE} or later; this is ${process.version}.\n`,
  );
  process.exitCode = 1;
}
