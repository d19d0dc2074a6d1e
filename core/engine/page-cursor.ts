import { CongealError } from '../contract/errors.ts';

/** Writes the place where a page ended as an opaque text. */
export function toCursor(place: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * The place that a cursor stands for.
 *
 * **Throws** CongealError `malformed` for a text that is no cursor of this list.
 */
export function fromCursor(
  cursor: string,
  parts: readonly ('string' | 'number' | 'any')[],
): readonly (string | number | null)[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === parts.length && place.every((value, n) => fits(value, parts[n])))
      return place as (string | number | null)[];
  } catch {
    /* Said below. */
  }
  throw new CongealError('malformed', 'This cursor belongs to no page of this list. Begin without one.');
}

function fits(value: unknown, part: 'string' | 'number' | 'any'): boolean {
  if (part === 'any') return value === null || typeof value === 'string' || typeof value === 'number';
  return typeof value === part;
}
