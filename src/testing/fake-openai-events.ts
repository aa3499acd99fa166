import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';

type WithoutId<Event> = Event extends unknown ? Omit<Event, 'event_id'> : never;

/** A server event as the fake writes it: the SDK's own types, but for the `event_id` that is added on sending. */
export type FakeServerEvent = WithoutId<RealtimeServerEvent>;

/** A client event of one type. */
export type ClientEventOf<Type extends RealtimeClientEvent['type']> = Extract<
  RealtimeClientEvent,
  { readonly type: Type }
>;
