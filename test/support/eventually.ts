import assert from 'node:assert/strict';

const PATIENCE_MS = 5000;

/** Waits until something real (a worker, a socket) has happened in the background; fails if it does not. */
export async function eventually(
  what: string,
  happened: () => boolean | Promise<boolean>,
  withinMs: number = PATIENCE_MS,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await happened())) {
    assert.ok(performance.now() < giveUpAt, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
