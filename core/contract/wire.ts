import { z } from 'zod';

/** What a text of the wire stands for, as far as a schema says: numbers, truth values, lists; anything else is text. */
function decode(schema: unknown, texts: readonly string[]): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return decode(schema.unwrap(), texts);
  if (schema instanceof z.ZodArray) return texts.map((text) => decode(schema.element, [text]));
  const text = texts.at(-1) ?? '';
  if (texts.length > 1) return texts;
  if (schema instanceof z.ZodNumber || (schema instanceof z.ZodLiteral && isNumber(schema))) return decodeNumber(text);
  if (schema instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function isNumber(schema: z.ZodLiteral): boolean {
  return [...schema.values].every((value) => typeof value === 'number');
}

/** A text that is not exactly a number stays text, so that the schema refuses it by name. */
function decodeNumber(text: string): number | string {
  return /^-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : text;
}

/**
 * Turns the texts of a query or of a path into what a schema expects of them; what does not fit stays text, and the
 * schema then says so. A key that comes more than once is a list.
 */
export function fromWire(schema: z.ZodObject, pairs: Iterable<readonly [string, string]>): Record<string, unknown> {
  const texts = new Map<string, string[]>();
  for (const [key, text] of pairs) texts.set(key, [...(texts.get(key) ?? []), text]);
  return Object.fromEntries([...texts].map(([key, all]) => [key, decode(schema.shape[key], all)]));
}

type QueryValue = string | number | boolean | undefined;

/** The query of an address, `?` included, or nothing: lists repeat their key, undefined is left out. */
export function toQuery(values: Readonly<Record<string, unknown>> | undefined): string {
  const pairs = Object.entries(values ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? (value as readonly QueryValue[]) : [value as QueryValue])
      .filter((one) => one !== undefined)
      .map((one) => `${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** A path with its `:name` parts filled in. */
export function toPath(path: string, params: Readonly<Record<string, unknown>> | undefined): string {
  return path.replaceAll(/:([a-zA-Z]+)/g, (_part, name: string) => encodeURIComponent(String(params?.[name])));
}
