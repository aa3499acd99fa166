/** How many sessions a server in a child has open, by its own metrics. */
export async function sessionCount(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^avatar_sessions (\d+)$/m.exec(text)?.[1]);
}

/** Resolves with the milliseconds until so many are open, or NaN if that does not come. */
export async function untilSessions(port: number, count: number, withinMs: number): Promise<number> {
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < withinMs) {
    if ((await sessionCount(port)) === count) return performance.now() - startedAtMs;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Number.NaN;
}
