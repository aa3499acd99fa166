/** Why a microphone is not open. */
export type MicrophoneErrorCode =
  /** The user, the browser or the page's policy says no. */
  | 'denied'
  /** There is none. */
  | 'missing'
  /** Another program holds it, or the system refuses it. */
  | 'busy'
  /** The page came over plain http from another machine: browsers hide the microphone. */
  | 'insecure'
  /** Not a browser, or a very old one. */
  | 'unsupported'
  /** The page's content security policy forbids the worklet (docs/client.md says how to allow it). */
  | 'worklet_blocked'
  /** It was unplugged, or taken away. */
  | 'lost'
  | 'unknown';

/** The microphone could not be opened, or vanished. */
export class MicrophoneError extends Error {
  readonly code: MicrophoneErrorCode;

  constructor(code: MicrophoneErrorCode, cause?: unknown) {
    super(`microphone: ${code}`, { cause });
    this.name = 'MicrophoneError';
    this.code = code;
  }
}

const CODES: Readonly<Record<string, MicrophoneErrorCode>> = {
  NotAllowedError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
  SecurityError: 'insecure',
};

/** What a browser threw, as a {@link MicrophoneError}. */
export function toMicrophoneError(thrown: unknown): MicrophoneError {
  if (thrown instanceof MicrophoneError) return thrown;
  const name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? String(thrown.name) : '';
  return new MicrophoneError(CODES[name] ?? 'unknown', thrown);
}
