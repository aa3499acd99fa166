/** Who knocks at the door: what the server knows of a client before a conversation begins. */
export interface Visitor {
  /** Names this request in every log line that belongs to it. */
  readonly requestId: string;
  /** The page's origin as its browser sent it, unchecked; undefined where there was none (no browser). */
  readonly origin: string | undefined;
  /** Network address of the client: the socket's, or what a trusted proxy says (TRUST_PROXY). */
  readonly address: string;
}
