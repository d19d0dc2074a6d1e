import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands, listCommands } from '../../../core/contract/commands.ts';
import { fromWire, toPath, toQuery } from '../../../core/contract/wire.ts';

const schema = z.strictObject({
  limit: z.number().int().max(500).default(100),
  tags: z.array(z.string()).optional(),
  matrix: z.array(z.number()).length(3).optional(),
  mirrored: z.boolean().default(false),
  side: z.literal([64, 256]).optional(),
  text: z.string().nullable().optional(),
});

const back = (query: string) => fromWire(schema, new URLSearchParams(query));

describe('values on the wire', () => {
  it('come back as the schema wants them', () => {
    const values = { limit: 12, tags: ['a,b', 'ü&?'], matrix: [1, -0.5, 1e-9], mirrored: true, side: 64, text: '12' };
    expect(back(toQuery(values))).toEqual(values);
    expect(back(toQuery({ tags: ['one'], limit: undefined }))).toEqual({ tags: ['one'] });
    expect(toQuery({})).toBe('');
  });

  it.each(['limit=', 'limit=0x10', 'limit=NaN', 'limit=Infinity', 'limit=1e999', 'limit= 1', 'limit=1&limit=2'])(
    'are refused when they are not exactly numbers: %s',
    (query) => expect(schema.safeParse(back(query)).success).toBe(false),
  );

  it.each(['mirrored=1', 'mirrored=True', 'mirrored=', 'other=1', '__proto__=1', 'constructor=1', 'text=a&text=b'])(
    'are refused when they are not what is asked for: %s',
    (query) => expect(schema.safeParse(back(query)).success).toBe(false),
  );

  it('make paths in which an id can never become a part of its own', () => {
    expect(toPath('/api/x/:id/y', { id: '../../etc' })).toBe('/api/x/..%2F..%2Fetc/y');
  });
});

describe('the table of commands', () => {
  it('names every part of a path in its params, and nothing else', () => {
    for (const [name, command] of listCommands()) {
      const parts = [...command.path.matchAll(/:([a-zA-Z]+)/g)].map((match) => match[1]);
      expect([name, Object.keys(command.params?.shape ?? {}).sort()]).toEqual([name, parts.sort()]);
    }
  });

  it('has no two commands at one address', () => {
    const addresses = listCommands().map(([, { method, path }]) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('takes nothing but strict objects', () => {
    for (const [name, command] of listCommands())
      for (const part of [command.params, command.query])
        expect([name, part === undefined || !part.safeParse({ surprise: 1 }).success]).toEqual([name, true]);
  });

  it('lets reading commands be GET or a preview', () => {
    for (const [name, { method, effect }] of listCommands())
      if (method === 'GET') expect([name, effect]).toEqual([name, 'reads']);
    expect(commands.images.page.path).toBe('/api/projects/:project/images');
  });
});
