import type { Filter, Selection } from '../../contract/selection.ts';
import type { ProjectReader } from '../../store/database.ts';
import { listImageIds } from '../../store/image-pages.ts';
import type { ImageId } from '../../store/ids.ts';
import type { StoredImage } from '../../store/images.ts';
import { findImage, listImages } from '../../store/images.ts';
import { noSuch } from '../row-ids.ts';
import { selectImages, toImageFilter } from './door-filter.ts';

/** Above so many images all are read at once rather than one by one. */
const few = 500;

/**
 * The images that a selection names, in the order in which they are named or by path.
 *
 * **Throws** as `selectImages`, and CongealError `not-found` for an image that is not there.
 */
export function selectedImages(reader: ProjectReader, selection: Selection): readonly StoredImage[] {
  return imagesOf(reader, selectImages(reader, selection));
}

/** The images that a filter lets through, by path. **Throws** as `toImageFilter`. */
export function filteredImages(reader: ProjectReader, filter: Filter): readonly StoredImage[] {
  return imagesOf(reader, listImageIds(reader, toImageFilter(reader, filter), { by: 'path' }));
}

function imagesOf(reader: ProjectReader, ids: readonly ImageId[]): readonly StoredImage[] {
  const known = new Map(ids.length > few ? listImages(reader).map((image) => [image.id, image]) : []);
  return ids.map((id) => {
    const image = known.get(id) ?? findImage(reader, id);
    if (image === undefined) throw noSuch('image', String(id));
    return image;
  });
}
