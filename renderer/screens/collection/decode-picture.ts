/** A picture that can be drawn at once, until it is closed. */
export interface DecodedPicture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  /** What it takes in memory, about. */
  readonly bytes: number;
  readonly close: () => void;
}

/** Decodes a JPEG. **Throws** for what is none. */
export async function decodePicture(jpeg: Uint8Array): Promise<DecodedPicture> {
  const bytes = new Uint8Array(jpeg);
  // Thirty times as fast as through a blob, which is read by another process; not every browser has it.
  if (typeof ImageDecoder === 'function') {
    const decoder = new ImageDecoder({ data: bytes, type: 'image/jpeg' });
    try {
      const { image } = await decoder.decode();
      const { displayWidth: width, displayHeight: height } = image;
      return { source: image, width, height, bytes: 2 * width * height, close: () => image.close() };
    } finally {
      decoder.close();
    }
  }
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  const { width, height } = bitmap;
  return { source: bitmap, width, height, bytes: 4 * width * height, close: () => bitmap.close() };
}

/** Draws a picture onto a canvas, which takes its size. */
export function drawPicture(canvas: HTMLCanvasElement, { source, width, height }: DecodedPicture): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d', { alpha: false, willReadFrequently: true })?.drawImage(source, 0, 0);
}
