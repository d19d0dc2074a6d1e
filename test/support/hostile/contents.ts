import { isSchema } from '../../../core/contract/command.ts';
import type { Maker } from './target.ts';
import { addressed, allCommands as commands, headersOf, nameQuery } from './target.ts';
import { refusedJson, refusedQuery, traversals } from './values.ts';

const json = { 'Content-Type': 'application/json' };
const withJson = commands.filter(({ body }) => isSchema(body));
const withBytes = commands.filter(({ body }) => body !== undefined && !isSchema(body));

/** Bodies that fit, but name things that are not there. */
const strangers: readonly (readonly [path: string, body: unknown])[] = [
  ['/projects', { name: 'x', images: 'nothing' }],
  ['/projects', { name: 'x', place: '..' }],
  ['/projects/open', { from: { recent: 'nothing' } }],
  ['/projects/open', { from: { file: 'nothing' } }],
  ['/projects/:project/images/import', { folder: 'nothing' }],
  ['/projects/:project/images/relink', { folder: 'nothing' }],
  ['/projects/:project/annotations', { on: { image: '999' }, shape: { kind: 'point', at: [1, 1] } }],
  ['/projects/:project/annotations', { on: { canonicalOf: '999' }, shape: { kind: 'point', at: [0, 0] } }],
  ['/projects/:project/annotations/propagate', { run: '999', annotations: ['1'] }],
  ['/projects/:project/annotations/confirm', { annotations: ['999'] }],
  ['/projects/:project/runs/apply', { model: 'nothing' }],
  ['/projects/:project/runs/align', { reference: '999' }],
  ['/projects/:project/runs/align', { boxes: '999' }],
  ['/projects/:project/runs/align', { keepAccepted: '999' }],
  ['/projects/:project/runs/find', { features: { model: 'nothing' } }],
  ['/projects/:project/runs/999/rerun', {}],
  ['/projects/:project/runs/999/transforms/accept', { selection: { images: ['1'] } }],
  ['/projects/:project/exports', { options: { run: '999' }, name: 'x' }],
  ['/projects/:project/exports', { options: { run: ':run' }, place: 'nothing', name: 'x' }],
  ['/projects/:project/exports/preview', { options: { run: '999' } }],
  ['/projects/:project/groups/999/keep', { image: null }],
  ['/projects/:project/tags/999/assign', { selection: { images: ['1'] } }],
  ['/folders/nothing/choose', { purpose: 'images' }],
  ['/folders/nothing/make', { name: 'x' }],
];

/** Requests of the right caller with contents that are wrong. */
export const contents: Readonly<Record<string, Maker>> = {
  oversize: (random, target) => {
    const command = random.pick(random.uniform() < 0.8 ? withJson : withBytes);
    const type = isSchema(command.body) ? 'application/json' : 'application/octet-stream';
    const headers = headersOf(target, {
      'Content-Type': type,
      'Content-Length': String(2 ** 33 + random.integer(1e6)),
    });
    return {
      wrong: 'too large',
      method: command.method,
      path: addressed(command, target) + nameQuery(command),
      headers,
      body: '{"a":1',
    };
  },
  'long address': (random, target) => ({
    wrong: 'long address',
    method: 'GET',
    path: `/api/projects/${'a'.repeat(65 + random.integer(8000))}`,
    headers: headersOf(target),
  }),
  malformed: (random, target) => {
    const command = random.pick(withJson);
    const body = random.pick([
      '',
      '{',
      '{"a":}',
      "{'a':1}",
      '[1,2',
      '\u0000',
      'NaN',
      '{"a":1}}',
      '\uFEFF{',
      '<xml/>',
      'undefined',
      '{"a":1,}',
      Uint8Array.of(0xff, 0xfe, 0x7b),
      Uint8Array.of(0x22, 0xc3, 0x28, 0x22),
    ]);
    return {
      wrong: 'malformed JSON',
      method: command.method,
      path: addressed(command, target),
      headers: headersOf(target, json),
      body,
    };
  },
  trap: (random, target) => {
    const command = random.pick(withJson);
    const depth = 40 + random.integer(20_000);
    const body = random.pick([
      '{"__proto__":{"admin":true}}',
      '{"a":{"__proto__":[]}}',
      '{"name":"x","__proto__":null}',
      '{"constructor":{"prototype":{"a":1}}}',
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    ]);
    return {
      wrong: '__proto__ or depth',
      method: command.method,
      path: addressed(command, target),
      headers: headersOf(target, json),
      body,
    };
  },
  traversal: (random, target) => {
    const inside = random.pick(commands.filter(({ params }) => params !== undefined));
    const name = random.pick(Object.keys(inside.params?.shape ?? {}));
    const raw = random.pick(traversals);
    const path =
      random.uniform() < 0.7
        ? inside.path.replaceAll(/:([a-zA-Z]+)/g, (_part, key: string) =>
            key === name ? raw : (target.ids[key] ?? '0'),
          )
        : `/${raw}`;
    return {
      wrong: 'traversal',
      method: random.uniform() < 0.7 ? inside.method : 'GET',
      path,
      headers: headersOf(target, json),
    };
  },
  'unknown id': (random, target) => {
    const command = random.pick(commands.filter(({ params, body }) => params !== undefined && body === undefined));
    const names = Object.keys(command.params?.shape ?? {}).filter(
      (name) => !['level', 'column', 'row', 'picture', 'provider'].includes(name),
    );
    if (names.length === 0) return contents['traversal'](random, target);
    const ids = [
      '999999',
      '0',
      '-1',
      'AAAAAAAAAAAAAAAA',
      '00',
      '1e3',
      '9007199254740993',
      '99999999999999999999',
      '01',
      'constructor',
      '__proto__',
      'toString',
    ];
    const name = names[names.length - 1];
    return {
      wrong: `unknown ${name}`,
      method: command.method,
      path: addressed(command, target, { [name]: random.pick(ids) }),
      headers: headersOf(target),
    };
  },
  'wrong body': (random, target) => {
    const command = random.pick(withJson);
    return {
      wrong: 'body',
      method: command.method,
      path: addressed(command, target) + nameQuery(command),
      headers: headersOf(target, json),
      body: refusedJson(command, random),
    };
  },
  'wrong query': (random, target) => {
    const command = random.pick(commands.filter(({ body }) => body === undefined));
    return {
      wrong: 'query',
      method: command.method,
      path: addressed(command, target) + refusedQuery(command, random),
      headers: headersOf(target),
    };
  },
  'unknown reference': (random, target) => {
    const [path, value] = random.pick(strangers);
    return {
      wrong: 'unknown reference',
      method: 'POST',
      path: `/api${path.replace(':project', target.ids['project']).replace(':run', target.ids['run'])}`,
      headers: headersOf(target, json),
      body: JSON.stringify(value),
    };
  },
};
