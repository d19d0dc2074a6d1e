import { Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Command, Request as CommandRequest } from '../../contract/command.ts';
import type { CommandOf } from '../../contract/commands.ts';
import { listCommands } from '../../contract/commands.ts';
import { CongealError } from '../../contract/errors.ts';
import { openApiDocument } from '../../contract/openapi.ts';
import { shellCommands } from '../../contract/shell-commands.ts';
import type { AnyHandler } from '../dispatch.ts';
import { dispatch } from '../dispatch.ts';
import type { Engine } from '../engine.ts';
import type { Handlers } from '../handler.ts';
import type { ShellHandlers } from '../handlers/shell.ts';
import { programVersion } from '../program.ts';
import { answerOf, asKnown, refusalOf } from './answers.ts';
import { readBody } from './body.ts';
import type { DoorFiles } from './door-files.ts';
import { createEventStreams } from './events-stream.ts';
import { securityHeaders } from './headers.ts';
import { guard, refuseOddities } from './security.ts';
import type { LoopbackSecurity } from './security.ts';

interface CommonOptions {
  readonly engine: Engine;
  readonly handlers: Handlers;
  /** The pages that the door shows. */
  readonly files?: DoorFiles;
}

/** What is known of those who ask. */
type Askers =
  | { readonly security: LoopbackSecurity; readonly shell?: never }
  /** A door that nobody else can reach, such as a pipe: only there can be asked what the desktop shell may. */
  | { readonly security?: never; readonly shell?: ShellHandlers };

/** How an HTTP door is made. */
export type AppOptions = CommonOptions & Askers;

/** Answers HTTP: every command of the contract, its document, its events, and the pages of the door. */
export function createApp({ engine, handlers, security, shell, files }: AppOptions): Hono {
  const app = new Hono();
  const streams = createEventStreams(engine.hub);
  const document = JSON.stringify(openApiDocument(programVersion));
  app.use(securityHeaders());
  app.use(refuseOddities());
  if (security !== undefined) app.use(guard(security));
  for (const [name, command] of inOrder(listCommands())) {
    app.on(command.method, command.path, async (context) => {
      const { signal } = context.req.raw;
      const raw = {
        params: context.req.param(),
        query: new URL(context.req.url).searchParams,
        body: await readBody(command, context.req.raw),
      };
      if (name === 'system.events') {
        const listen: AnyHandler = ({ query }) =>
          streams({ ...(query as EventsQuery), lastId: context.req.header('last-event-id'), signal });
        return (await dispatch(engine, command, listen, raw, { signal })) as Response;
      }
      return answerOf(context, command, await dispatch(engine, command, handlerOf(handlers, name), raw, { signal }));
    });
  }
  for (const [key, command] of Object.entries(shell === undefined ? {} : shellCommands)) {
    const handler = (shell as unknown as Record<string, AnyHandler>)[key];
    app.on(command.method, command.path, async (context) => {
      const raw = { params: {}, query: [], body: await readBody(command, context.req.raw) };
      return answerOf(context, command, await dispatch(engine, command, handler, raw, context.req.raw));
    });
  }
  app.get('/api/openapi.json', (context) => context.body(document, 200, { 'Content-Type': 'application/json' }));
  for (const [path, methods] of methodsByPath()) {
    app.all(path, (context) => {
      context.header('Allow', methods.join(', '));
      throw new CongealError('method-not-allowed', `Here only ${methods.join(' and ')} can be used.`);
    });
  }
  if (files !== undefined)
    app.get('*', async (context, next) => {
      if (!context.req.path.startsWith('/api/')) return (await files(context.req.path)) ?? next();
      return next();
    });
  app.notFound((context) => refusalOf(context, new CongealError('not-found', 'There is nothing at this address.')));
  app.onError((error, context) => {
    const known = asKnown(error);
    if (known.code === 'internal')
      engine.log.error({ path: routePath(context), stack: error.stack }, 'a request met a bug');
    return refusalOf(context, known);
  });
  return app;
}

type EventsQuery = CommandRequest<CommandOf<'system.events'>>['query'];

/** Fixed parts before named ones, so that `/projects/recent` is not taken for a project. */
function inOrder(commands: ReturnType<typeof listCommands>): ReturnType<typeof listCommands> {
  const key = ({ path }: Command) => path.replaceAll(':', '~');
  return [...commands].sort(([, a], [, b]) => (key(a) < key(b) ? -1 : 1));
}

function handlerOf(handlers: Handlers, name: string): AnyHandler {
  const [group, key] = name.split('.');
  return (handlers as unknown as Record<string, Record<string, AnyHandler>>)[group][key];
}

function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>([['/api/openapi.json', ['GET']]]);
  for (const [, { path, method }] of inOrder(listCommands())) found.set(path, [...(found.get(path) ?? []), method]);
  return found;
}
