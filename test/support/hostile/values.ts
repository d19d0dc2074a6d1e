import { z } from 'zod';
import type { Command } from '../../../core/contract/command.ts';
import { fromWire } from '../../../core/contract/wire.ts';
import type { Random } from '../../../core/geometry/random.ts';

/** Ways to spell a place that is none of the caller's business. */
export const traversals = [
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/',
  '..\\..\\windows',
  '%00',
  'a%00.png',
  '....//',
  '%c0%ae%c0%ae%2f',
  '/etc/passwd',
  'C:%5c',
  '%252e%252e%252f',
  'file:%2f%2f%2fetc',
  '.',
  '%ff%fe',
  "'%20OR%201=1--",
  '$%7bjndi:ldap%7d',
];

const values: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  'x'.repeat(300),
  '../..',
  '\u0000',
  "'; DROP TABLE image; --",
  [],
  [[]],
  {},
  { $ref: '#' },
  [null, {}, -1],
  { length: 1 },
  '9'.repeat(40),
  ['__proto__'],
];

/** An answer to `command` whose JSON its schema refuses. */
export function refusedJson(command: Command, random: Random): string {
  const schema = command.body as z.ZodType;
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : ['matrix', 'box', 'pins'];
  for (;;) {
    const value =
      random.uniform() < 0.4
        ? random.pick(values)
        : { [random.uniform() < 0.3 ? 'surprise' : random.pick([...keys, 'id'])]: random.pick(values) };
    if (!schema.safeParse(JSON.parse(JSON.stringify(value))).success) return JSON.stringify(value);
  }
}

/** A query that a command refuses. */
export function refusedQuery(command: Command, random: Random): string {
  for (;;) {
    const key = random.pick([...Object.keys(command.query?.shape ?? {}), 'surprise', '__proto__', 'limit']);
    const text = random.pick([
      '',
      'abc',
      '-1',
      '1e999',
      'NaN',
      '0x1',
      '99999999999',
      '\u0000',
      '../..',
      '[]',
      '{}',
      'a'.repeat(5000),
    ]);
    const pairs = [[key, text]] as const;
    if (command.query === undefined || !command.query.safeParse(fromWire(command.query, pairs)).success)
      return `?${encodeURIComponent(key)}=${encodeURIComponent(text)}`;
  }
}
