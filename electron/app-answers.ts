import type { Envelope } from '../core/contract/envelope.ts';
import { isOurs } from './app-address.ts';
import type { PageFiles } from './page-files.ts';

/** Answers a request that goes to the engine. */
export type Forward = (request: Request, path: string) => Promise<Response>;

/** Dots that climb, and slashes, backslashes, dots and zeros in disguise. */
const crooked = /(^|\/)\.{1,2}(?=\/|$)|%2e|%2f|%5c|%00|\\/i;

/** What one request gets. Nothing is decoded: a path is in the list as it is spelt, or it is not. */
export async function answer(request: Request, files: PageFiles, forward: Forward): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (!isOurs(request.url) || crooked.test(pathname)) return nothingHere();
  if (pathname.startsWith('/api/')) return await forward(request, pathname + search);
  const isRead = request.method === 'GET';
  return (isRead ? await files(pathname) : undefined) ?? nothingHere();
}

function nothingHere(): Response {
  return refusal(404, { error: { code: 'not-found', message: 'There is nothing at this address.', details: {} } });
}

/** A refusal in the words of the engine, where there is none that could answer. */
export function refusal(status: number, body: Envelope): Response {
  return Response.json(body, {
    status,
    headers: { 'Content-Security-Policy': "default-src 'none'", 'X-Content-Type-Options': 'nosniff' },
  });
}
