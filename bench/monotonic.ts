/**
 * Milliseconds on the machine's monotonic clock. All processes of a machine share it (child.ts checks that), so that a
 * stamp of the server and one of the client can be subtracted; performance.now() starts anew in each process.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
