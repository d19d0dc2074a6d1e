import type { z } from 'zod';

/**
 * What a command does to what is remembered: `reads` nothing changes; `edits` a person can undo; `changes` cannot be
 * undone; `starts` a run. All but `reads` are refused on a project that is open read-only.
 */
export type Effect = 'reads' | 'edits' | 'changes' | 'starts';

/** A request or an answer of bytes rather than JSON, with the media types that it may have. */
export interface Bytes<Types extends readonly string[] = readonly string[]> {
  readonly kind: 'bytes';
  readonly mediaTypes: Types;
  /** Largest request that is taken, in bytes. */
  readonly atMost: number;
}

/** An answer that never ends: server-sent events. */
export interface EventStream {
  readonly kind: 'events';
}

/** One thing that can be asked of the engine: where, with what, and what it answers. */
export interface Command {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` parts are the keys of `params`. What only the desktop shell may ask lies under `/shell`. */
  readonly path: `/${'api' | 'shell'}/${string}`;
  readonly summary: string;
  readonly effect: Effect;
  readonly params?: z.ZodObject;
  /** Values are text on the wire: see `wire.ts`. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType | Bytes;
  readonly answer: z.ZodType | Bytes | EventStream;
}

/** Describes a command, keeping its literal types. */
export function command<const C extends Command>(description: C): C {
  return description;
}

const gibibyte = 2 ** 30;

/** A request or an answer of bytes. */
export function bytes<const Types extends readonly string[]>(mediaTypes: Types, atMost = gibibyte): Bytes<Types> {
  return { kind: 'bytes', mediaTypes, atMost };
}

/** The answer of a command that streams events. */
export const events: EventStream = { kind: 'events' };

/** Bytes with their media type, as a handler answers them. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Names the content: the same tag, the same bytes. */
  readonly etag?: string;
  /** The address holds everything that the content depends on, so it may be kept for ever. */
  readonly immutable?: boolean;
  /** Name under which a browser saves it. */
  readonly fileName?: string;
}

/** The bytes of a request as they arrive. */
export type ByteStream = AsyncIterable<Uint8Array>;

type Part<Schema, Side extends 'input' | 'output'> = Schema extends z.ZodType
  ? Side extends 'input'
    ? z.input<Schema>
    : z.output<Schema>
  : undefined;

/** What a handler gets: parsed and complete. */
export interface Request<C extends Command> {
  readonly params: Part<C['params'], 'output'>;
  readonly query: Part<C['query'], 'output'>;
  readonly body: C['body'] extends Bytes ? ByteStream : Part<C['body'], 'output'>;
}

/** What a handler answers. */
export type Answer<C extends Command> = C['answer'] extends Bytes
  ? Content
  : C['answer'] extends EventStream
    ? undefined
    : Part<C['answer'], 'input'>;

/** What a client hands over: only what the command asks for, defaults left out at will. */
export type Asked<C extends Command> = (C['params'] extends z.ZodType
  ? { readonly params: z.input<C['params']> }
  : object) &
  (C['query'] extends z.ZodType ? { readonly query?: z.input<C['query']> } : object) &
  (C['body'] extends Bytes
    ? { readonly body: Uint8Array<ArrayBuffer> }
    : C['body'] extends z.ZodType
      ? { readonly body: z.input<C['body']> }
      : object);

/** What a client gets back. */
export type Answered<C extends Command> = C['answer'] extends Bytes ? Content : Part<C['answer'], 'output'>;

/** True for a schema, false for bytes and streams. */
export function isSchema(value: z.ZodType | Bytes | EventStream | undefined): value is z.ZodType {
  return value !== undefined && !('kind' in value);
}
