import { CongealError } from '../contract/errors.ts';
import { sha256 } from '../store/sha256.ts';

/** What a list is made of besides the place in it: its name, and the filter and order that decide what follows what. */
export type Listed = Readonly<{ list: string } & Record<string, unknown>>;

type Place = readonly (string | number | null)[];

/** Writes the place where a page of a list ended as an opaque text. */
export function toCursor(listed: Listed, place: Place): string {
  return Buffer.from(JSON.stringify([markOf(listed), ...place])).toString('base64url');
}

/**
 * The place that a cursor stands for.
 *
 * **Throws** CongealError `malformed` for a text that is no cursor of this list in this order with this filter.
 */
export function fromCursor(cursor: string, listed: Listed, parts: readonly ('string' | 'number' | 'any')[]): Place {
  try {
    const [mark, ...place] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (mark === markOf(listed) && place.length === parts.length && place.every((value, n) => fits(value, parts[n])))
      return place as (string | number | null)[];
  } catch {
    /* Said below. */
  }
  throw new CongealError(
    'malformed',
    'This cursor belongs to no page of this list with this filter and order. Begin without one.',
  );
}

function markOf(listed: Listed): string {
  return sha256(JSON.stringify(listed)).slice(0, 12);
}

function fits(value: unknown, part: 'string' | 'number' | 'any'): boolean {
  if (part === 'any') return value === null || typeof value === 'string' || typeof value === 'number';
  return typeof value === part;
}
