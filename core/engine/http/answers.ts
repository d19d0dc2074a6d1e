import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Command, Content } from '../../contract/command.ts';
import { isSchema } from '../../contract/command.ts';
import type { Envelope } from '../../contract/envelope.ts';
import { CongealError } from '../../contract/errors.ts';
import { httpStatus } from '../../contract/http-status.ts';
import { refusalPage } from './refusal-page.ts';

/** The answer of a handler as HTTP. **Throws** for an answer that does not fit the contract: a bug. */
export function answerOf(context: Context, command: Command, answer: unknown): Response {
  if (isSchema(command.answer)) return context.json(command.answer.parse(answer) as object, 200);
  const content = answer as Content;
  if (command.answer.kind !== 'bytes' || !command.answer.mediaTypes.includes(content.mediaType))
    throw new Error(`${command.path} answered ${content.mediaType}, which the contract does not name.`);
  const tag = `"${content.etag ?? createHash('sha256').update(content.bytes).digest('base64url').slice(0, 22)}"`;
  context.header('ETag', tag);
  context.header(
    'Cache-Control',
    content.immutable === true ? 'private, max-age=31536000, immutable' : 'private, no-cache',
  );
  if (context.req.header('if-none-match') === tag) return context.body(null, 304);
  context.header('Content-Type', content.mediaType);
  if (content.fileName !== undefined)
    context.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(content.fileName)}`);
  return context.body(new Uint8Array(content.bytes), 200);
}

/** What a failed request answers: data, or a page to who opened the address. A bug says so and keeps its details for the log. */
export function refusalOf(context: Context, error: unknown): Response {
  const known = asKnown(error);
  const { code, message, details } = known;
  const status = httpStatus[code] satisfies ContentfulStatusCode;
  const { method, headers } = context.req.raw;
  if (method === 'GET' && headers.get('sec-fetch-mode') === 'navigate')
    return context.html(refusalPage(message), status);
  const body: Envelope = { error: { code, message, details } };
  return context.json(body, status);
}

/** An error as the contract knows it. */
export function asKnown(error: unknown): CongealError {
  if (error instanceof CongealError) return error;
  const { code } = error as { readonly code?: unknown };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CongealError('disk-full', 'The disk is full. Free some space and try again.', { cause: error });
  if (code === 'EIO')
    return new CongealError(
      'disk-failed',
      'The disk reported an error (EIO). Check it and its connection, then try again.',
      { cause: error },
    );
  if (error instanceof Error && error.name === 'AbortError')
    return new CongealError('cancelled', 'The request was given up.', { cause: error });
  return new CongealError('internal', 'This is a bug in Congeal; the log has the details.', { cause: error });
}
