import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseCoding } from './compression.ts';
import type { PageFile } from './page-file.ts';

/** A year (s), the longest that a cache heeds. */
const FOREVER = 'public, max-age=31536000, immutable';

/** It may be kept, and each time is asked whether it is still the same. */
const ASK_AGAIN = 'public, no-cache';

/**
 * Answers with a file: compressed as the client likes it, or with 304 where it has it. Any page of any origin may use it
 * (embed.js is made for that): it is the same for everybody and holds nothing of anybody's.
 */
export async function answerWith(
  file: PageFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const coding = file.packs ? chooseCoding(request.headers['accept-encoding']) : undefined;
  const tag = `"${file.tag}${coding === undefined ? '' : `-${coding}`}"`;
  reply
    .type(file.type)
    .header('cache-control', file.immutable ? FOREVER : ASK_AGAIN)
    .header('etag', tag)
    .header('access-control-allow-origin', '*');
  // By nothing else: what was said of the origin before does not hold for what all origins get.
  if (file.packs) reply.header('vary', 'Accept-Encoding');
  else reply.removeHeader('vary');
  if (isKnown(tag, request.headers['if-none-match'])) return reply.code(304).send();
  if (coding === undefined) return reply.send(file.bytes);
  return reply.header('content-encoding', coding).send(await file.packed(coding));
}

/** Whether a client has it already. @param known the header If-None-Match. */
function isKnown(tag: string, known: string | undefined): boolean {
  if (known === undefined) return false;
  return known
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === tag || each === '*');
}
