import { CongealError } from '../../contract/errors.ts';
import type { ReadyImage, StoredImage } from '../../store/images.ts';

/** An image whose pixels can be shown. */
export type ShownImage = StoredImage & ReadyImage;

/** The image, when it has pixels to show. **Throws** CongealError `input-unreadable`, with the reason that is known. */
export function shown(image: StoredImage): ShownImage {
  if (image.status === 'ready') return image;
  const missing = image.failureCode === 'missing';
  throw new CongealError(missing ? 'input-missing' : 'input-unreadable', `${image.name}: ${image.failureReason}`);
}

/** The error for an image that cannot be shown, with the reason that a worker gave. */
export function unreadable(
  image: StoredImage,
  { code, reason }: { readonly code: string; readonly reason: string },
): CongealError {
  return new CongealError(code === 'missing' ? 'input-missing' : 'input-unreadable', `${image.name}: ${reason}`);
}

/** The error for a file that has become another one. */
export function changed(image: StoredImage): CongealError {
  return new CongealError(
    'input-unreadable',
    `${image.name} is not the file that was imported any more; look through its folder again.`,
  );
}
