import { relative, sep } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import type { Selection } from '../../contract/selection.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import type { StoredImage } from '../../store/images.ts';
import { listGroups } from '../images/groups.ts';
import { selectedImages } from '../images/select-images.ts';
import { commonFolder } from '../source.ts';
import type { EffectiveTransform } from '../transforms/effective.ts';

/** What all learning runs choose their images by. */
export interface Choosing {
  readonly selection?: Selection | undefined;
  readonly withoutDuplicates: boolean;
}

/** The images of a run, named within their common folder. */
export interface Chosen {
  readonly root: string;
  readonly images: readonly (readonly [image: ImageId, name: string])[];
}

/**
 * Ready images of the selection that nobody has rejected in an earlier run, by name.
 *
 * **Throws** CongealError `too-few-images`, and as `selectedImages`.
 */
export function chooseImages(
  reader: ProjectReader,
  { selection, withoutDuplicates }: Choosing,
  before: ReadonlyMap<ImageId, EffectiveTransform>,
  atLeast: number,
): Chosen {
  const all = selectedImages(reader, selection ?? { filter: {}, except: [] });
  const ready = all.filter(({ status }) => status === 'ready');
  const single = withoutDuplicates ? ready.filter(isChosenMember(reader)) : ready;
  const images = single.filter(({ id }) => before.get(id)?.decision !== 'rejected');
  if (images.length < atLeast)
    throw new CongealError(
      'too-few-images',
      `${images.length} of the ${all.length} images that were asked for can take part, expected at least ${atLeast}. ` +
        'Those that cannot be read, are left out as duplicates or were rejected do not.',
    );
  const root = commonFolder(
    images.map(({ path }) => path),
    reader.path,
  );
  const named = images.map(({ id, path }): [ImageId, string] => [id, relative(root, path).split(sep).join('/')]);
  return { root, images: named.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}

/** Of a group of which a member was chosen only that takes part; of files with the same bytes only the first. */
function isChosenMember(reader: ProjectReader): (image: StoredImage) => boolean {
  const chosen = listGroups(reader).filter(({ kept }) => kept !== null);
  const left = new Set(chosen.flatMap(({ images, kept }) => images.filter((id) => id !== kept)));
  const seen = new Set<string>();
  return ({ id, sha256 }) => {
    if (left.has(String(id))) return false;
    if (sha256 === null || sha256 === '') return true;
    if (seen.has(sha256)) return false;
    seen.add(sha256);
    return true;
  };
}
