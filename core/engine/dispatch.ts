import type { z } from 'zod';
import type { ByteStream, Command } from '../contract/command.ts';
import { isSchema } from '../contract/command.ts';
import { CongealError } from '../contract/errors.ts';
import { fromWire } from '../contract/wire.ts';
import type { Engine } from './engine.ts';
import type { HandlerContext } from './handler.ts';
import { writable } from './open-projects.ts';

/** A request as a door received it: texts of the path and of the query, and the body as JSON value or bytes. */
export interface RawRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Iterable<readonly [string, string]>;
  readonly body: unknown;
}

/** A handler whose request has been checked against its command. */
export type AnyHandler = (
  request: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
  context: HandlerContext,
) => unknown;

/**
 * Checks a request against its command and asks the handler.
 *
 * **Throws** CongealError `malformed` (the request does not fit its schema), `not-found`, `project-read-only`, and
 * whatever the handler throws.
 */
export async function dispatch(
  engine: Engine,
  command: Command,
  handler: AnyHandler,
  raw: RawRequest,
  context: HandlerContext,
): Promise<unknown> {
  const params = command.params && check(command.params, fromWire(command.params, Object.entries(raw.params)), 'path');
  const query = command.query && check(command.query, fromWire(command.query, raw.query), 'query');
  if (command.query === undefined && [...raw.query].length > 0)
    throw new CongealError('malformed', 'This command takes no query.');
  const body = isSchema(command.body) ? check(command.body, raw.body, 'body') : (raw.body as ByteStream | undefined);
  const project = params?.['project'];
  if (typeof project === 'string') {
    const open = engine.projects.get(project);
    if (command.effect !== 'reads') writable(open);
  }
  return await handler({ params, query, body }, context);
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ at: path.map(String).join('.'), message }));
  const [first] = issues;
  throw new CongealError(
    'malformed',
    `The ${where} of the request does not fit: ${first.at === '' ? '' : `${first.at}: `}${first.message}.`,
    { details: { where, issues } },
  );
}
