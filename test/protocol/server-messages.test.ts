import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import type { ServerMessage } from '../../src/protocol/server-message-types.ts';
import { encodeServerMessage, SERVER_MESSAGE_SCHEMAS } from '../../src/protocol/server-messages.ts';

type Told = Exclude<keyof typeof SERVER_MESSAGE_SCHEMAS, 'sync_frame' | 'audio_chunk'>;
/** What the schema of a type describes, and what its type says; an error's code is any text to a client. */
type Described<Type extends Told> = z.infer<(typeof SERVER_MESSAGE_SCHEMAS)[Type]>;
type Typed<Type extends Told> = Extract<ServerMessage, { type: Type }>;
/** True where either can stand for the other; anything else does not compile below. */
type Same<Type extends Told> = [Described<Type>] extends [Typed<Type>]
  ? [Omit<Typed<Type>, 'code'>] extends [Omit<Described<Type>, 'code'>]
    ? true
    : false
  : false;

test('the types of messages say what their schemas say, held by the compiler', () => {
  const same: { readonly [Type in Told]: Same<Type> } & { readonly [Type in ServerMessage['type']]: true } = {
    config: true,
    avatar_state: true,
    audio_start: true,
    audio_end: true,
    transcript_delta: true,
    transcript_done: true,
    interrupt: true,
    trigger_action: true,
    error: true,
    pong: true,
  };
  const others = ['sync_frame', 'audio_chunk'];
  assert.deepEqual([...Object.keys(same), ...others].sort(), Object.keys(SERVER_MESSAGE_SCHEMAS).sort());
});

test('an encoded message is read by its own schema', () => {
  const message: ServerMessage = { type: 'pong', timestamp: 1 };
  assert.deepEqual(SERVER_MESSAGE_SCHEMAS.pong.parse(JSON.parse(encodeServerMessage(message))), message);
});
