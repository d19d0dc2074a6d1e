import type { z } from 'zod';
import { CongealError } from '../contract/errors.ts';

const deepest = 64;

/**
 * Reads JSON that was written elsewhere and checks it against a schema. Keys called `__proto__` are dropped.
 *
 * **Throws** CongealError 'input-unreadable': not JSON, nested deeper than 64 levels, or not what the schema describes.
 */
export function readJson<Value>(text: string, source: string, schema: z.ZodType<Value>): Value {
  if (depthOf(text) > deepest) throw broken(source, `it is nested deeper than ${deepest} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''), (key, part: unknown) => (key === '__proto__' ? undefined : part));
  } catch (error) {
    throw broken(source, (error as Error).message, error);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw broken(source, `at ${issue.path.length === 0 ? 'its top' : issue.path.join('.')}: ${issue.message}`);
}

/** How deep brackets are nested outside of strings; found before parsing, which would run out of stack. */
function depthOf(text: string): number {
  let depth = 0;
  let largest = 0;
  let inside = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (inside && letter === '\\') index++;
    else if (letter === '"') inside = !inside;
    else if (inside) continue;
    else if (letter === '[' || letter === '{') largest = Math.max(largest, ++depth);
    else if (letter === ']' || letter === '}') depth--;
  }
  return largest;
}

function broken(source: string, what: string, cause?: unknown): CongealError {
  return new CongealError('input-unreadable', `${source} is not what was expected: ${what}.`, {
    cause,
    details: { source },
  });
}
