/** Loads a picture as its numbers stand in the file: no colours converted, none multiplied by alpha. */
export async function loadBitmap(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`The engine answered ${answer.status} for a picture.`);
  return await createImageBitmap(await answer.blob(), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
}
