import { z } from 'zod';
import type { Bytes, Command, EventStream } from './command.ts';
import { isSchema } from './command.ts';
import { listCommands } from './commands.ts';
import { doorEvent } from './door-events.ts';
import { envelope } from './envelope.ts';

type Json = Readonly<Record<string, unknown>>;

const errorRef = { $ref: '#/components/responses/Error' };

/**
 * The OpenAPI 3.1 document of the contract, made from the table of commands.
 *
 * @param version - the program's version
 */
export function openApiDocument(version: string): Json {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, command] of listCommands()) {
    const path = command.path.replaceAll(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [command.method.toLowerCase()]: operation(name, command, components) };
  }
  const errorSchema = schemaOf(envelope, 'output', components);
  schemaOf(doorEvent, 'output', components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Congeal',
      version,
      summary: 'Finds the object in every image, brings all images into one pose, exports the dataset.',
      description: 'Every error is an envelope with code, message and details. Ids and cursors are opaque.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { cookie: [] }],
    tags: [...new Set(listCommands().map(([name]) => name.split('.')[0]))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      responses: {
        Error: { description: 'Refused or failed', content: { 'application/json': { schema: errorSchema } } },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'congeal-PORT' },
      },
    },
  };
}

function operation(name: string, command: Command, components: Record<string, unknown>): Json {
  return {
    operationId: name,
    tags: [name.split('.')[0]],
    summary: command.summary,
    'x-effect': command.effect,
    parameters: [...parameters(command.params, 'path', components), ...parameters(command.query, 'query', components)],
    ...(command.body === undefined
      ? {}
      : { requestBody: { required: true, content: content(command.body, 'input', components) } }),
    responses: {
      '200': { description: 'Done', content: content(command.answer, 'output', components) },
      '4XX': errorRef,
      '5XX': errorRef,
    },
  };
}

function parameters(
  schema: z.ZodObject | undefined,
  where: 'path' | 'query',
  components: Record<string, unknown>,
): Json[] {
  return Object.entries<z.ZodType>(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !field.safeParse(undefined).success,
    schema: schemaOf(field, 'input', components),
  }));
}

function content(
  kind: z.ZodType | Bytes | EventStream,
  side: 'input' | 'output',
  components: Record<string, unknown>,
): Json {
  if (isSchema(kind)) return { 'application/json': { schema: schemaOf(kind, side, components) } };
  if (kind.kind === 'events') return { 'text/event-stream': { schema: { type: 'string' } } };
  return Object.fromEntries(kind.mediaTypes.map((type) => [type, {}]));
}

/** The JSON Schema of a schema; parts with an id go among the components, once for requests and once for answers. */
function schemaOf(schema: z.ZodType, side: 'input' | 'output', components: Record<string, unknown>): Json {
  const { $defs, ...json } = z.toJSONSchema(schema, { io: side, target: 'draft-2020-12' });
  delete json.$schema;
  const suffix = side === 'input' ? 'Request' : '';
  for (const [id, part] of Object.entries($defs ?? {})) components[id + suffix] = point(part, suffix);
  const { id, ...pointed } = point(json, suffix) as Json;
  if (typeof id !== 'string') return pointed;
  components[id + suffix] = pointed;
  return { $ref: `#/components/schemas/${id}${suffix}` };
}

/** Makes references point to the components. */
function point(value: unknown, suffix: string): unknown {
  if (Array.isArray(value)) return value.map((one) => point(one, suffix));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string'
        ? one.replace(/^#\/\$defs\/(.+)$/, `#/components/schemas/$1${suffix}`)
        : point(one, suffix),
    ]),
  );
}
