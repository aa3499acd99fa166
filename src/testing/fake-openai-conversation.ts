import { randomBytes } from 'node:crypto';
import type { ConversationItem } from 'openai/resources/realtime/realtime';

/** Why the API refuses something. */
export interface FakeRefusal {
  readonly code: string;
  readonly message: string;
  readonly param?: string;
}

/** An item of the conversation, as the fake keeps it. */
export interface FakeItem {
  readonly id: string;
  readonly item: ConversationItem;
  /** Milliseconds of sound in it, as far as made; for the assistant's spoken messages. */
  audioMs: number;
  /** Where the client said it was cut off. */
  truncatedAtMs?: number;
}

const USER_PARTS = ['input_text', 'input_audio', 'input_image'];
const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: USER_PARTS,
  assistant: ['output_text', 'output_audio'],
  system: ['input_text'],
};

/** The items of a conversation, in order, and the API's rules for them. */
export class FakeConversation {
  readonly items: FakeItem[] = [];

  /** The newest item. */
  get last(): FakeItem | undefined {
    return this.items.at(-1);
  }

  /** The newest item that is not the model's own. */
  get lastHeard(): ConversationItem | undefined {
    return this.items.findLast(({ item }) => !isOfModel(item))?.item;
  }

  /** Adds an item that the fake itself made. */
  add(item: ConversationItem, id: string = fakeId('item')): FakeItem {
    const added: FakeItem = { id, item: { ...item, id } as ConversationItem, audioMs: 0 };
    this.items.push(added);
    return added;
  }

  /** Whether the client may add this item: its shape, its content types, the call it answers. */
  refusalOf(item: ConversationItem | undefined): FakeRefusal | undefined {
    switch (item?.type) {
      case 'message':
        return refusalOfMessage(item.role, item.content);
      case 'function_call_output': {
        const called = this.items.some(
          ({ item: other }) => other.type === 'function_call' && other.call_id === item.call_id,
        );
        if (!called) return invalid('item.call_id', `No tool call found for call_id '${item.call_id}'.`);
        if (typeof item.output !== 'string') return invalid('item.output', 'Expected a string.');
        return undefined;
      }
      case 'function_call':
        return undefined;
      default:
        return invalid('item.type', 'Invalid item type.');
    }
  }

  /** Cuts an item of the assistant's, or says why not. */
  truncate(id: unknown, contentIndex: unknown, audioEndMs: unknown): FakeRefusal | undefined {
    const found = this.items.find((item) => item.id === id);
    if (found === undefined) {
      return {
        code: 'item_truncate_invalid_item_id',
        message: `Item '${String(id)}' not found.`,
        param: 'item_id',
      };
    }
    if (found.item.type !== 'message' || found.item.role !== 'assistant') {
      return invalid('item_id', 'Only model output audio messages can be truncated.');
    }
    if (contentIndex !== 0) return invalid('content_index', 'Content index out of range.');
    if (!Number.isInteger(audioEndMs) || (audioEndMs as number) < 0) {
      return { code: 'invalid_type', message: 'Expected a non-negative integer.', param: 'audio_end_ms' };
    }
    const endMs = audioEndMs as number;
    if (endMs > found.audioMs) {
      return invalid(
        'audio_end_ms',
        `Audio content of ${Math.floor(found.audioMs)}ms is already shorter than ${endMs}ms.`,
      );
    }
    found.truncatedAtMs = endMs;
    return undefined;
  }

  /** Removes an item; false if it is not there. */
  remove(id: string): boolean {
    const at = this.items.findIndex((item) => item.id === id);
    if (at >= 0) this.items.splice(at, 1);
    return at >= 0;
  }
}

function isOfModel(item: ConversationItem): boolean {
  return item.type === 'function_call' || (item.type === 'message' && item.role === 'assistant');
}

/** A name of the API's kind. */
export function fakeId(kind: string): string {
  return `${kind}_${randomBytes(9).toString('hex')}`;
}

/** The refusal of a field's value. */
export function invalid(param: string, message: string): FakeRefusal {
  return { code: 'invalid_value', message, param };
}

function refusalOfMessage(role: string, content: unknown): FakeRefusal | undefined {
  const allowed = PARTS[role];
  if (allowed === undefined) return invalid('item.role', `Invalid role '${role}'.`);
  if (!Array.isArray(content) || content.length === 0) return invalid('item.content', 'Expected content.');
  for (const [index, part] of (content as Readonly<Record<string, unknown>>[]).entries()) {
    const param = `item.content[${index}]`;
    const type = String(part['type']);
    if (!allowed.includes(type)) {
      return invalid(
        `${param}.type`,
        `Invalid value: '${type}'. Supported values are: ${allowed.join(', ')}.`,
      );
    }
    const field = type === 'input_image' ? 'image_url' : type.endsWith('_audio') ? 'audio' : 'text';
    if (typeof part[field] !== 'string') return invalid(`${param}.${field}`, 'Expected a string.');
    if (
      field === 'image_url' &&
      !/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/.test(String(part[field]))
    ) {
      return invalid(`${param}.image_url`, 'Expected a data URI of a PNG or JPEG.');
    }
  }
  return undefined;
}
