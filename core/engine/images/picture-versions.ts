import { createHash } from 'node:crypto';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { StoredImage } from '../../store/images.ts';

/** Names the picture of an image: other bytes, other name. What failed has no picture; its name says which failure. */
export function versionOfImage(image: StoredImage): string {
  return image.status === 'ready' ? image.sha256.slice(0, 22) : `failed-${shortHash(image.failureCode)}`;
}

/** Names the picture of an image in the canonical pose of a matrix. */
export function versionOfCrop(image: StoredImage, canonicalToImage: Matrix3): string {
  return shortHash(`${image.sha256} ${canonicalToImage.join(' ')}`);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
