/** What tells one image from another: where it lies and, where it could be read, the SHA-256 of its bytes. */
export interface Identity {
  readonly path: string;
  readonly sha256: string | null;
}

/**
 * Finds for each scanned image the known one that it is, or undefined for a new one. The same bytes under the same path
 * come first, then the same bytes under another path (the file has moved), then the same path where either side could
 * not be read. No known image is given out twice.
 */
export function matchImages<Known extends Identity>(
  known: readonly Known[],
  scanned: readonly Identity[],
): readonly (Known | undefined)[] {
  const byPath = new Map(known.map((image) => [image.path, image]));
  const free = new Set(known);
  const matches = scanned.map((): Known | undefined => undefined);
  const pass = (find: (image: Identity) => Known | undefined): void => {
    scanned.forEach((image, index) => {
      const found = matches[index] === undefined ? find(image) : undefined;
      if (found !== undefined && free.delete(found)) matches[index] = found;
    });
  };
  pass(({ path, sha256 }) => {
    const here = byPath.get(path);
    return here?.sha256 === sha256 ? here : undefined;
  });
  const byBytes = Map.groupBy(free, (image) => image.sha256);
  pass(({ sha256 }) => (sha256 === null ? undefined : byBytes.get(sha256)?.find((image) => free.has(image))));
  pass(({ path, sha256 }) => {
    const here = byPath.get(path);
    return sha256 === null || here?.sha256 === null ? here : undefined;
  });
  return matches;
}
