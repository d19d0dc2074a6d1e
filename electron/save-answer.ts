import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { envelope } from '../core/contract/envelope.ts';

/** Writes what the engine answered into a file: whole or not at all. Throws with the engine's words where it refused. */
export async function saveAnswer(answer: Response, path: string): Promise<void> {
  if (!answer.ok || answer.body === null) {
    const refused = envelope.safeParse(await answer.json().catch(() => undefined));
    throw new Error(refused.data?.error.message ?? `The engine answered ${answer.status}.`);
  }
  const partial = `${path}.partial`;
  try {
    await pipeline(Readable.fromWeb(answer.body as NodeStream<Uint8Array>), createWriteStream(partial));
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'the engine broke off';
    throw new Error(`The file could not be written (${why}). Choose another place or free some space.`, { cause });
  }
}
