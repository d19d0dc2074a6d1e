import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** A request to the engine behind a pipe. */
export interface PipeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body?: ReadableStream<Uint8Array> | string | Uint8Array | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Headers about one connection, and about who asked; the pipe is another connection, and the shell asks. */
const ofTheConnection = new Set(
  'connection content-length cookie host keep-alive origin te transfer-encoding upgrade'.split(' '),
);
const withoutBody = new Set([204, 205, 304]);

/**
 * Asks the engine over its pipe. Bodies stream both ways; who cancels the answer's body, or aborts, ends the request at
 * the engine too. Rejects when the engine is not there.
 */
export function askPipe(pipe: string, { method, path, headers, body, signal }: PipeRequest): Promise<Response> {
  const kept = Object.fromEntries([...headers].filter(([name]) => !ofTheConnection.has(name.toLowerCase())));
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      socketPath: pipe,
      method,
      path,
      headers: { ...kept, host: 'congeal' },
      // A connection that was kept may have died with the engine before; a new one costs a tenth of a millisecond.
      agent: false,
      ...(signal === undefined ? {} : { signal }),
    });
    asked.once('error', reject);
    asked.once('response', (answer) => resolve(toResponse(answer)));
    if (body === null || body === undefined) asked.end();
    else if (typeof body === 'string' || body instanceof Uint8Array) asked.end(body);
    else
      Readable.fromWeb(body)
        .once('error', (error) => asked.destroy(error))
        .pipe(asked);
  });
}

function toResponse(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 502;
  const headers = new Headers();
  for (let n = 0; n < answer.rawHeaders.length; n += 2) {
    const [name, value] = answer.rawHeaders.slice(n, n + 2);
    if (!ofTheConnection.has(name.toLowerCase()) || name.toLowerCase() === 'content-length')
      headers.append(name, value);
  }
  if (withoutBody.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
}
