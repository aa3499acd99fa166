import type { Faults } from './faults.ts';
import type { Observe } from './observer.ts';
import type { Outbox } from './outbox.ts';
import type { SessionSettings } from './session-settings.ts';

/** What a Conversation needs. */
export interface ConversationOptions {
  readonly sessionId: string;
  readonly settings: SessionSettings;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly observe: Observe;
  /** Ends it. */
  readonly signal: AbortSignal;
}
