import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { CongealError } from '../../contract/errors.ts';
import type { Tickets } from './ticket.ts';
import { cookieName, isToken, tokenOf } from './token.ts';

/** What guards a door on the loopback interface. */
export interface LoopbackSecurity {
  readonly token: string;
  readonly port: number;
  /** What else opens the door, once each. */
  readonly tickets: Tickets;
}

/**
 * Lets only requests of this machine's own user pass: the exact host (a name that was made to point here is refused),
 * the token, and for browsers the page that this door served, never another site.
 *
 * **Throws** CongealError `forbidden` or `unauthorised`.
 */
export function guard({ token, port, tickets }: LoopbackSecurity): MiddlewareHandler {
  const hosts: readonly string[] = [`127.0.0.1:${port}`, `localhost:${port}`];
  return async (context, next) => {
    const { headers, method } = context.req.raw;
    const host = headers.get('host') ?? '';
    if (!hosts.includes(host))
      throw new CongealError('forbidden', 'This door answers only to its own address; open the one that was printed.');
    const origin = headers.get('origin');
    if (origin !== null && origin !== `http://${host}`)
      throw new CongealError('forbidden', 'Other sites may not ask this engine.');
    const site = headers.get('sec-fetch-site');
    const navigates = headers.get('sec-fetch-mode') === 'navigate' && method === 'GET';
    if (site !== null && site !== 'same-origin' && !(site === 'none' && navigates))
      throw new CongealError('forbidden', 'Other sites may not ask this engine.');
    const entry = entryToken(context.req.url);
    if (entry !== undefined && method === 'GET') {
      if (!isToken(entry, token) && !tickets.redeem(entry)) throw wrongToken();
      context.header('Set-Cookie', `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`);
      return context.redirect('/', 303);
    }
    const found = tokenOf(headers, port);
    if (found === undefined || !isToken(found, token)) throw wrongToken();
    const byCookie = headers.get('authorization') === null;
    if (byCookie && method !== 'GET' && origin === null && site === null)
      throw new CongealError('forbidden', 'A change that comes with a cookie must say which page it comes from.');
    await next();
  };
}

/** Dots that climb, and encoded slashes, backslashes and zeros: nothing here has them in its path. */
const crooked = /(^|\/)(\.|%2e){1,2}(?=\/|$)|%2f|%5c|%00|\\/i;

/**
 * Refuses paths that mean another place than they spell, before anything straightens them, and HEAD, which would begin
 * what nobody then reads.
 *
 * **Throws** CongealError `malformed` or `method-not-allowed`.
 */
export function refuseOddities(): MiddlewareHandler {
  return async (context, next) => {
    const [path] = ((context.env as Partial<HttpBindings> | undefined)?.incoming?.url ?? '').split('?');
    if (context.req.raw.method === 'HEAD')
      throw new CongealError('method-not-allowed', 'HEAD is not answered; use GET.');
    if (crooked.test(path)) throw new CongealError('malformed', 'The path of this address is not plain.');
    await next();
  };
}

/** The token of the address that opens the door: `/?token=...` and nothing else. */
function entryToken(address: string): string | undefined {
  const url = new URL(address);
  return url.pathname === '/' ? (url.searchParams.get('token') ?? undefined) : undefined;
}

function wrongToken(): CongealError {
  return new CongealError(
    'unauthorised',
    'This address needs the token of this engine. Open the whole address that `congeal serve` printed.',
  );
}
