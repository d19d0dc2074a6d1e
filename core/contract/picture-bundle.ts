/** Bytes that say how long each picture is. */
const prefix = 4;

/**
 * Several pictures as one: before each its length in bytes, as 32 bits with the lowest byte first; 0 where there is none.
 */
export function bundlePictures(pictures: readonly (Uint8Array | undefined)[]): Uint8Array<ArrayBuffer> {
  const bundle = new Uint8Array(pictures.reduce((sum, picture) => sum + prefix + (picture?.length ?? 0), 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const picture of pictures) {
    view.setUint32(at, picture?.length ?? 0, true);
    at += prefix;
    if (picture !== undefined) bundle.set(picture, at);
    at += picture?.length ?? 0;
  }
  return bundle;
}

/**
 * The pictures of a bundle in their order, as views into it; undefined where there is none.
 *
 * **Throws** RangeError for a bundle that ends too early.
 */
export function picturesOfBundle(bundle: Uint8Array): (Uint8Array | undefined)[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const pictures: (Uint8Array | undefined)[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = view.getUint32(at, true);
    at += prefix;
    if (at + length > bundle.length) throw new RangeError(`The bundle ends within picture ${pictures.length + 1}.`);
    pictures.push(length === 0 ? undefined : bundle.subarray(at, at + length));
    at += length;
  }
  return pictures;
}
