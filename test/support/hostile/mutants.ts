import { z } from 'zod';
import type { Command } from '../../../core/contract/command.ts';
import { isSchema } from '../../../core/contract/command.ts';
import { fromWire } from '../../../core/contract/wire.ts';
import type { Random } from '../../../core/geometry/random.ts';
import type { HostileRequest, Target } from './target.ts';
import { addressed, headersOf, nameQuery } from './target.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What stands in the place of a part of a value that fits. */
const replacements: readonly Json[] = [
  ...[null, true, 0, -1, 0.5, 1e308, 2 ** 53 + 2, -(2 ** 63)],
  ...['', 'NaN', 'Infinity', '-1', '\u0000', '../..', '__proto__', 'constructor', '9'.repeat(40), 'x'.repeat(70_000)],
  ...[[], [[[[[[[[[[]]]]]]]]]], {}, { length: 1 }, { surprise: 1 }, [null, {}, -1]],
];

/** Texts that stand for a value in an address. */
const texts = [
  '',
  'NaN',
  '-1',
  '1e999',
  '0x1',
  '99999999999',
  '\u0000',
  '../..',
  '[]',
  '{"a":1}',
  '__proto__',
  'x'.repeat(5000),
];

/** Ids that name nothing. */
const noIds = [
  '0',
  '-1',
  '1e3',
  '01',
  '..',
  '\u0000',
  '__proto__',
  'constructor',
  'AAAAAAAAAAAAAAAA',
  '9'.repeat(30),
  'x'.repeat(200),
];

/** Words one of which fits the pattern of every text of the contract. */
const words = ['1', 'x', 'Mod+K', '#12ab34', 'a.png', 'x'.repeat(8), 'f'.repeat(64)];

/**
 * Requests for one command that differ from one that fits in a single place: each part of the body in turn missing, of
 * another type, out of bounds, or beside what is not expected; each value of the query; each id of the address. All of
 * them are refused by the contract, so that none may be done.
 */
export function mutantsOf(command: Command, target: Target, random: Random): readonly HostileRequest[] {
  const { body, query, params, method } = command;
  const json = { 'Content-Type': 'application/json' };
  const path = addressed(command, target);
  const found: HostileRequest[] = [];
  if (isSchema(body)) {
    const fitting = sampleOf(body, random);
    for (const text of changedBodies(fitting))
      if (!body.safeParse(JSON.parse(text)).success || text.includes('"__proto__":{'))
        found.push({
          wrong: 'body',
          method,
          path: path + nameQuery(command),
          headers: headersOf(target, json),
          body: text,
        });
  }
  const asked = body === undefined ? { headers: headersOf(target) } : { headers: headersOf(target, json), body: '{}' };
  const keys = [...Object.keys(query?.shape ?? {}), 'surprise', '__proto__'];
  for (const key of keys)
    for (const text of texts)
      if (query === undefined || !query.safeParse(fromWire(query, [[key, text]])).success)
        found.push({
          wrong: `query ${key}`,
          method,
          path: `${path}?${encodeURIComponent(key)}=${encodeURIComponent(text)}`,
          ...asked,
        });
  for (const key of Object.keys(params?.shape ?? {}))
    for (const id of noIds)
      found.push({ wrong: `id ${key}`, method, path: addressed(command, target, { [key]: id }), ...asked });
  return found;
}

/** A value that a schema takes. **Throws** for a schema that is beyond this: it needs another word. */
function sampleOf(schema: z.ZodType, random: Random): Json {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (let tries = 0; tries < 200; tries++) {
    const value = sample(root, root, random);
    if (schema.safeParse(value).success) return value;
  }
  throw new Error(`No value was found that fits ${JSON.stringify(root).slice(0, 2000)}`);
}

function sample(schema: JsonSchema, root: JsonSchema, random: Random): Json {
  const go = (one: JsonSchema | boolean | undefined): Json => (typeof one === 'object' ? sample(one, root, random) : 1);
  if (schema.$ref !== undefined) return go(root.$defs?.[schema.$ref.replace('#/$defs/', '')]);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return go(random.pick(either));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, one]) => [key, go(one)]));
    case 'array': {
      const items = schema.prefixItems as readonly JsonSchema[] | undefined;
      if (items !== undefined) return items.map(go);
      const one = schema.items as JsonSchema | undefined;
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => go(one));
    }
    case 'integer':
    case 'number': {
      const low = Math.max(-1e6, schema.minimum ?? 0);
      const high = Math.min(1e6, schema.maximum ?? low + 1);
      return schema.type === 'integer' ? Math.ceil(low) : (low + high) / 2;
    }
    case 'string':
      return random.pick(
        words.filter((word) => schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(word)),
      );
    case 'boolean':
      return true;
    default:
      return null;
  }
}

/** The JSON of a value with one part changed, each part in each way. */
function* changedBodies(value: Json): Generator<string> {
  for (const path of placesIn(value, [])) {
    for (const other of replacements) yield JSON.stringify(replaced(value, path, () => other));
    if (path.length > 0) yield JSON.stringify(replaced(value, path, () => undefined));
    const surprise = (part: Json): Json => (isObject(part) ? { ...part, surprise: 1 } : part);
    yield JSON.stringify(replaced(value, path, surprise));
    const trap = (part: Json): Json => (isObject(part) ? { ...part, TRAP: {} } : part);
    yield JSON.stringify(replaced(value, path, trap)).replace('"TRAP"', '"__proto__"');
  }
}

function* placesIn(value: Json, path: readonly string[]): Generator<readonly string[]> {
  yield path;
  if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value as Record<string, Json>)) yield* placesIn(part, [...path, key]);
}

/** The value with one part of it changed; a part that becomes undefined is missing. */
function replaced(value: Json, path: readonly string[], change: (part: Json) => Json | undefined): Json {
  const key = path.at(0);
  if (key === undefined) return change(value) ?? null;
  const rest = path.slice(1);
  const changed = (name: string, part: Json): readonly Json[] => {
    if (name !== key) return [part];
    const next = rest.length === 0 ? change(part) : replaced(part, rest, change);
    return next === undefined ? [] : [next];
  };
  if (Array.isArray(value)) return value.flatMap((part: Json, n) => changed(String(n), part));
  const entries = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(entries.flatMap(([name, part]) => changed(name, part).map((next) => [name, next])));
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
