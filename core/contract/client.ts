import type { z } from 'zod';
import type { Answered, Asked, Command, Content, EventStream } from './command.ts';
import { isSchema } from './command.ts';
import { commands } from './commands.ts';
import type { Commands } from './commands.ts';
import { envelope } from './envelope.ts';
import { CongealError } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import { httpStatus } from './http-status.ts';
import { toPath, toQuery } from './wire.ts';

/** What a client needs of an HTTP answer: what `fetch` gives has it. */
export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What a client hands to `fetch`. */
export interface HttpRequest<Signal> {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: Signal;
}

/** Where the engine answers, and how to ask it. `Signal` is the surroundings' AbortSignal. */
export interface ClientOptions<Signal> {
  readonly fetch: (address: string, request: HttpRequest<Signal>) => Promise<HttpAnswer>;
  /** Such as `http://127.0.0.1:40000`; empty for the page's own origin. */
  readonly base: string;
  /** For doors without a cookie. */
  readonly token?: string;
}

type Arguments<C extends Command, Signal> =
  object extends Asked<C>
    ? [asked?: Asked<C> & { readonly signal?: Signal }]
    : [asked: Asked<C> & { readonly signal?: Signal }];

type Call<C, Signal> = C extends Command ? (...asked: Arguments<C, Signal>) => Promise<Answered<C>> : never;

type Callable<Group> = {
  [Key in keyof Group]: Group[Key] extends { readonly answer: EventStream } ? never : Key;
}[keyof Group];

/** Every command as a function, typed from the contract: `client.images.page({ params, query })`. */
export type Client<Signal> = {
  readonly [Group in keyof Commands]: {
    readonly [Key in Callable<Commands[Group]>]: Call<Commands[Group][Key], Signal>;
  };
};

interface AnyAsked<Signal> {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: Signal;
}

/**
 * A client of the engine. Its functions throw the CongealError that the engine answered.
 */
export function createClient<Signal>(options: ClientOptions<Signal>): Client<Signal> {
  const groups = Object.entries(commands).map(([group, members]) => [
    group,
    Object.fromEntries(
      Object.entries<Command>(members).map(([key, command]) => [
        key,
        (asked: AnyAsked<Signal> = {}) => ask(options, command, asked),
      ]),
    ),
  ]);
  return Object.fromEntries(groups) as Client<Signal>;
}

/** The address of a command, for pictures and downloads that a page loads by itself. */
export function addressOf<C extends Command>(
  command: C,
  asked: {
    readonly params?: C['params'] extends z.ZodType ? z.input<C['params']> : undefined;
    readonly query?: C['query'] extends z.ZodType ? z.input<C['query']> : undefined;
  },
): string {
  return toPath(command.path, asked.params) + toQuery(asked.query);
}

/** Asks one command, which need not be in the table of all. **Throws** the CongealError that the engine answered. */
export async function askCommand<C extends Command, Signal>(
  options: ClientOptions<Signal>,
  command: C,
  asked: Asked<C> & { readonly signal?: Signal },
): Promise<Answered<C>> {
  return (await ask(options, command, asked)) as Answered<C>;
}

async function ask<Signal>(
  { fetch, base, token }: ClientOptions<Signal>,
  command: Command,
  { params, query, body, signal }: AnyAsked<Signal>,
): Promise<unknown> {
  const headers: Record<string, string> = { Accept: '*/*' };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  if (body !== undefined)
    headers['Content-Type'] = isSchema(command.body) ? 'application/json' : 'application/octet-stream';
  const answer = await fetch(base + toPath(command.path, params) + toQuery(query), {
    method: command.method,
    headers,
    ...(body === undefined
      ? {}
      : { body: isSchema(command.body) ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!answer.ok) throw await refusal(answer);
  if (isSchema(command.answer)) return command.answer.parse(await answer.json());
  return {
    bytes: new Uint8Array(await answer.arrayBuffer()),
    mediaType: answer.headers.get('Content-Type') ?? '',
  } satisfies Content;
}

async function refusal(answer: HttpAnswer): Promise<CongealError> {
  const parsed = envelope.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success)
    return new CongealError('internal', `The engine answered ${answer.status} without an explanation.`);
  const { code, message, details } = parsed.data.error;
  return new CongealError(isErrorCode(code) ? code : 'internal', message, { details });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(httpStatus, code);
}
