import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { z } from 'zod';
import { query, WS_QUERY_SCHEMA } from '../src/http/schemas.ts';
import { CLIENT_MESSAGE_SCHEMAS } from '../src/protocol/client-messages.ts';
import { CLOSE } from '../src/protocol/close-codes.ts';
import { SERVER_MESSAGE_SCHEMAS } from '../src/protocol/server-messages.ts';

/** A message's place in the document. */
interface Message {
  readonly name: string;
  readonly key: string;
  readonly schema: z.ZodType;
  readonly io: 'input' | 'output';
}

const sent = messages(CLIENT_MESSAGE_SCHEMAS, 'input');
const received = messages(SERVER_MESSAGE_SCHEMAS, 'output');

/**
 * The WebSocket protocol as an AsyncAPI 3 document, made of the schemas that the server reads messages with, and that
 * its own messages have their types from.
 */
export function asyncApi(): Readonly<Record<string, unknown>> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const all = [...sent, ...received];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'avatar-chat-server',
      version,
      description:
        'One WebSocket is one conversation; every message is JSON with a `type`. `npm run docs` makes this file; docs/protocol.md tells the story. The server closes with: ' +
        Object.values(CLOSE)
          .map(({ code, reason }) => `${code} (${reason})`)
          .join(', '),
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: { local: { host: 'localhost:8080', protocol: 'ws' } },
    channels: {
      conversation: {
        address: '/ws',
        description: 'One conversation',
        bindings: { ws: { method: 'GET', query: query(WS_QUERY_SCHEMA), bindingVersion: '0.1.0' } },
        messages: Object.fromEntries(all.map(({ key }) => [key, { $ref: `#/components/messages/${key}` }])),
      },
    },
    operations: {
      clientSends: operation('receive', 'What a client may send', sent),
      serverSends: operation('send', 'What the server sends', received),
    },
    components: {
      messages: Object.fromEntries(all.map((message) => [message.key, component(message)])),
    },
  };
}

/** The same as the text of docs/asyncapi.yaml. */
export function asyncApiYaml(): string {
  return `# Written by \`npm run docs\`.\n${stringify(asyncApi(), { lineWidth: 110, aliasDuplicateObjects: false })}`;
}

function messages(schemas: Readonly<Record<string, z.ZodType>>, io: Message['io']): Message[] {
  const from = io === 'input' ? 'client' : 'server';
  return Object.entries(schemas).map(([name, schema]) => ({ name, key: `${from}.${name}`, schema, io }));
}

function operation(action: 'send' | 'receive', summary: string, about: readonly Message[]) {
  return {
    action,
    summary,
    channel: { $ref: '#/channels/conversation' },
    messages: about.map(({ key }) => ({ $ref: `#/channels/conversation/messages/${key}` })),
  };
}

function component({ name, schema, io }: Message) {
  const { $schema: _, description, ...payload } = z.toJSONSchema(schema, { target: 'draft-7', io });
  return { name, summary: description, payload };
}
