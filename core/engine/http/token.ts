import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token: 128 random bits that no one can guess, as text for addresses and headers. */
export function createToken(): string {
  return randomBytes(16).toString('base64url');
}

/** Whether a text is the token, in a time that does not depend on where they differ. */
export function isToken(text: string, token: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(text), digest(token));
}

/** The cookie's name: cookies are shared between all ports of a host, so the port is part of it. */
export function cookieName(port: number): string {
  return `congeal-${port}`;
}

/** The token that a request brings: in its `Authorization` header or in the cookie; undefined without one. */
export function tokenOf(headers: Headers, port: number): string | undefined {
  const authorisation = headers.get('authorization');
  if (authorisation !== null) return /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(authorisation)?.[1];
  const name = `${cookieName(port)}=`;
  const cookies = (headers.get('cookie') ?? '').split(';').map((part) => part.trim());
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
}
