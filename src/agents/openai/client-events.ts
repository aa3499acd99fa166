import type { RealtimeClientEvent, RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import { msToSamples } from '../../audio/pcm.ts';
import type { Image, Utterance } from '../agent.ts';
import type { Cut } from './answer.ts';
import { OPENAI_SAMPLE_RATE } from './session-config.ts';

/** The set-up's event id: an error that names it is a refusal of the settings. */
export const SETUP_EVENT_ID = 'session_setup';

/** Silence is sent in pieces of this length. */
const SILENCE_PIECE_MS = 500;

/** Sets the session up. */
export function sessionUpdate(session: RealtimeSessionCreateRequest): RealtimeClientEvent {
  return { type: 'session.update', event_id: SETUP_EVENT_ID, session };
}

/** Something that was said before this connection was made. */
export function remembered({ role, text }: Utterance): RealtimeClientEvent {
  if (role === 'user') return userText(text);
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role, content: [{ type: 'output_text', text }] },
  };
}

/** Something the user typed. */
export function userText(text: string): RealtimeClientEvent {
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  };
}

/** A picture the user shows, with its caption. */
export function userImage({ mimeType, bytes, caption }: Image): RealtimeClientEvent {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const picture = { type: 'input_image' as const, image_url: `data:${mimeType};base64,${base64}` };
  const content =
    caption === undefined ? [picture] : [picture, { type: 'input_text' as const, text: caption }];
  return { type: 'conversation.item.create', item: { type: 'message', role: 'user', content } };
}

/** The user's sound. */
export function sound(pcm: Int16Array): RealtimeClientEvent {
  const audio = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  return { type: 'input_audio_buffer.append', audio };
}

/** So much silence, in pieces. */
export function silence(ms: number): RealtimeClientEvent[] {
  const piece = sound(new Int16Array(msToSamples(SILENCE_PIECE_MS, OPENAI_SAMPLE_RATE)));
  return Array.from({ length: Math.ceil(ms / SILENCE_PIECE_MS) }, () => piece);
}

/** A tool's answer; what JSON cannot carry is null. */
export function toolResult(callId: string, result: unknown): RealtimeClientEvent {
  return {
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: callId, output: asJson(result) },
  };
}

/** The end of what was heard. */
export function truncation({ itemId, contentIndex, audioEndMs }: Cut): RealtimeClientEvent {
  return {
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: contentIndex,
    audio_end_ms: audioEndMs,
  };
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return 'null'; // a cycle, a BigInt
  }
}
