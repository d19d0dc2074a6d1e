/** What the program's pages may load, at every door: themselves and their own pictures. Nothing else, from nowhere. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** The kinds of files that the program's pages are made of, by the ending of their names. */
export const pageMediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** How long a file of a page may be kept: for ever where its name holds the hash of what is in it. */
export function pageCacheControl(path: string): string {
  return /-[A-Za-z0-9_-]{8}\.\w+$/.test(path) ? 'private, max-age=31536000, immutable' : 'no-cache';
}
