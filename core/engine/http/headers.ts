import type { MiddlewareHandler } from 'hono';
import { pagePolicy } from '../../contract/pages.ts';

/** Answers of the API are data, whatever a browser may think of them. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Headers that every answer bears, errors included. */
export function securityHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    const isPage = headers.get('content-type')?.startsWith('text/html') === true;
    headers.set('Content-Security-Policy', isPage ? pagePolicy : dataPolicy);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('X-Frame-Options', 'DENY');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()');
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  };
}
