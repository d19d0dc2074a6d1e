import { sha256 } from './sha256.ts';

/** A value that a cached blob depends on. */
export type KeyPart = string | number | boolean | null | readonly KeyPart[] | { readonly [name: string]: KeyPart };

/**
 * The key of a blob: a hash of everything it depends on (image hash, model hash, parameters, code version). The order
 * in which the parts are named does not matter.
 */
export function cacheKey(parts: { readonly [name: string]: KeyPart }): string {
  return sha256(canonical(parts));
}

function canonical(part: KeyPart): string {
  if (part === null || typeof part !== 'object') return JSON.stringify(part);
  if (isList(part)) return `[${part.map(canonical).join(',')}]`;
  const names = Object.keys(part).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(part[name])}`).join(',')}}`;
}

function isList(part: object): part is readonly KeyPart[] {
  return Array.isArray(part);
}
