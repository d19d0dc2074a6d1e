import { unitToPixel } from '../../geometry/frames.ts';
import { multiply } from '../../geometry/matrix.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import { findImage } from '../../store/images.ts';
import { nameWithin } from '../images/import-files.ts';
import { importedFolders } from '../images/import-run.ts';
import { versionOfImage } from '../images/picture-versions.ts';
import type { LiveFilm } from './live-runs.ts';

/** Where a run has the canonical frame just now, as doors show it: in pixels of the oriented originals. */
export interface LivePoses {
  readonly frame: string | null;
  readonly poses: {
    readonly image: string;
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly thumbnail: string;
    readonly canonicalToImage: number[];
  }[];
}

/** The poses of a run's latest frame; nothing of images that can no longer be read. **Throws** as `reading`. */
export function livePoses(reader: ProjectReader, film: LiveFilm | null): LivePoses {
  if (film === null) return { frame: null, poses: [] };
  const folders = importedFolders(reader);
  const poses = film.poses.flatMap(({ image, toUnit }) => {
    const found = findImage(reader, Number(image) as ImageId);
    if (found?.status !== 'ready') return [];
    const { width, height } = found;
    return [
      {
        image,
        name: nameWithin(found.path, folders),
        width,
        height,
        thumbnail: versionOfImage(found),
        canonicalToImage: [...multiply(unitToPixel(width, height), toUnit)],
      },
    ];
  });
  return { frame: film.frame, poses };
}
