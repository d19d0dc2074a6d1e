/** Numbers in memory that threads share: passed on, they are not copied. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** A copy of bytes in memory that threads share. */
export function sharedCopy(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** The same plain thing with every `Float32Array` in it in memory that threads share. */
export function inSharedMemory<Thing>(thing: Thing): Thing {
  return shareAny(thing) as Thing;
}

function shareAny(thing: unknown): unknown {
  if (thing instanceof Float32Array) {
    if (thing.buffer instanceof SharedArrayBuffer) return thing;
    const copy = sharedFloats(thing.length);
    copy.set(thing);
    return copy;
  }
  if (Array.isArray(thing)) return thing.map(shareAny);
  if (typeof thing !== 'object' || thing === null) return thing;
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, shareAny(value)]));
}
