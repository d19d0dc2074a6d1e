import type { Command } from '../../contract/command.ts';
import { isSchema } from '../../contract/command.ts';
import { CongealError } from '../../contract/errors.ts';

/** A selection of 100,000 images fits. */
const largestJson = 8 * 2 ** 20;
const deepest = 32;
/** How long the next piece of a body may take, in milliseconds. */
const patience = 30_000;

/**
 * The body of a request as its command takes it: a JSON value, bytes as they arrive, or nothing.
 *
 * **Throws** CongealError `unsupported-media`, `too-large`, `timed-out`, `malformed`.
 */
export async function readBody(command: Command, request: Request): Promise<unknown> {
  const { body } = command;
  if (body === undefined) {
    await pieces(request, 0).next();
    return undefined;
  }
  const accepted = isSchema(body) ? ['application/json'] : body.mediaTypes;
  const type = (request.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
  if (!accepted.includes(type))
    throw new CongealError(
      'unsupported-media',
      `The body must be ${accepted.join(' or ')}; found ${type || 'no type'}.`,
    );
  const atMost = isSchema(body) ? largestJson : body.atMost;
  if (Number(request.headers.get('content-length') ?? 0) > atMost) throw tooLarge(atMost);
  if (!isSchema(body)) return pieces(request, atMost);
  const chunks: Uint8Array[] = [];
  for await (const chunk of pieces(request, atMost)) chunks.push(chunk);
  return parseJson(chunks);
}

/** The pieces of a body, up to a number of bytes. */
async function* pieces(request: Request, atMost: number): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) return;
      size += value.length;
      if (size > atMost) throw tooLarge(atMost);
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

async function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new CongealError('timed-out', `Nothing of the body arrived for ${patience / 1000} seconds.`));
    }, patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(atMost: number): CongealError {
  return new CongealError(
    'too-large',
    atMost === 0 ? 'This command takes no body.' : `The body may have at most ${atMost} bytes.`,
    { details: { atMost } },
  );
}

function parseJson(chunks: readonly Uint8Array[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new CongealError('malformed', 'The body is not JSON in UTF-8.', { cause });
  }
  refuseTraps(value);
  return value;
}

/** Refuses what no honest request has: nesting without end, and keys that would change what every object inherits. */
function refuseTraps(value: unknown): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw new CongealError('malformed', `The body is nested deeper than ${deepest} levels.`);
    const objects = level.filter((one) => typeof one === 'object' && one !== null);
    if (objects.some((one) => Object.hasOwn(one, '__proto__')))
      throw new CongealError('malformed', 'The body has a key `__proto__`.');
    level = objects.flatMap((one) => Object.values(one) as unknown[]);
  }
}
