import type { ErrorCode } from '../contract/errors.ts';
import { CongealError } from '../contract/errors.ts';

/** An error as plain data, so that it means the same on the other side of a process boundary. */
export interface ErrorData {
  /** Something that happens (`congeal`), or anything else: what the system reports, or a bug. */
  readonly kind: 'congeal' | 'other';
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: ErrorData | undefined;
  /** What else errors of the system carry: code, errno, syscall, path. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

const deepest = 8;

/** Writes an error as plain data, its causes included. */
export function toErrorData(error: unknown, depth = 0): ErrorData {
  if (!(error instanceof Error)) return { kind: 'other', name: 'Error', message: String(error), properties: {} };
  const { name, message, stack } = error;
  const cause = error.cause === undefined || depth >= deepest ? {} : { cause: toErrorData(error.cause, depth + 1) };
  return {
    ...{ name, message, stack, ...cause, properties: plainProperties(error) },
    ...(error instanceof CongealError ? { kind: 'congeal', details: plainDetails(error.details) } : { kind: 'other' }),
  };
}

/** The error that {@link toErrorData} was given: a CongealError again, or an error with its name, stack and properties. */
export function fromErrorData(data: ErrorData): Error {
  const cause = data.cause === undefined ? {} : { cause: fromErrorData(data.cause) };
  const { name, message, stack, properties } = data;
  if (data.kind === 'congeal') {
    const error = new CongealError(properties['code'] as ErrorCode, message, { ...cause, details: data.details ?? {} });
    return stack === undefined ? error : Object.assign(error, { stack });
  }
  return Object.assign(new Error(message, cause), properties, { name }, stack === undefined ? {} : { stack });
}

function plainProperties(error: Error): ErrorData['properties'] {
  const known = new Set(['name', 'message', 'stack', 'cause', 'details']);
  return Object.fromEntries(
    Object.entries(error).filter(
      ([key, value]) => !known.has(key) && ['string', 'number', 'boolean'].includes(typeof value),
    ),
  );
}

/** What can be sent of an error's details; a part that cannot be sent becomes its text. */
function plainDetails(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => {
      try {
        return [key, structuredClone(value)];
      } catch {
        return [key, String(value)];
      }
    }),
  );
}
