const TOLD_BY_STATE = [
  ...['session_idle', 'session_expired', 'origin_not_allowed', 'draining', 'overloaded'],
  ...['too_many_sessions', 'too_many_connects', 'too_many_of_origin', 'too_many_of_address'],
];

/** Whether the server closes after an error of this code: what is said of the connection tells it, and no line of its own. */
export function isToldByState(code: string): boolean {
  return TOLD_BY_STATE.includes(code);
}
