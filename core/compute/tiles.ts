import type { ImageResult } from '../imaging/failure.ts';
import { succeed } from '../imaging/failure.ts';
import type { Tile, TilePlace } from '../imaging/tiles.ts';
import { cutTile } from '../imaging/tiles.ts';
import type { Reading } from './glances.ts';
import { heldLevels } from './held.ts';
import type { JobContext } from './job.ts';
import { workOn, type Quarantined } from './work-through.ts';

/** Tiles of one image. */
export interface TilesRequest extends Reading {
  readonly path: string;
  readonly places: readonly TilePlace[];
}

/** Cuts tiles, in the order of their places; the decoded image stays with this worker for the tiles beside them. */
export async function tilesOf(
  { path, places, allowDamaged, limits }: TilesRequest,
  { hands }: Pick<JobContext, 'hands'>,
): Promise<ImageResult<readonly (Tile | null)[]> | Quarantined> {
  return await workOn(path, hands, async () => {
    const reading = { allowDamage: allowDamaged, limits };
    const cutting: Promise<ImageResult<Tile | null>>[] = [];
    for (const place of places) {
      const { level, column, row, side } = place;
      /* One after another, so that what several tiles lie in is decoded once; they are encoded at the same time. */
      const part = await heldLevels.partAround(path, level, { left: column * side, top: row * side }, reading);
      if (!part.ok) return part;
      cutting.push(cutTile(heldLevels, path, place, reading));
    }
    const made = await Promise.all(cutting);
    const failed = made.find((one) => !one.ok);
    if (failed !== undefined) return failed;
    return succeed(made.map((one) => (one.ok ? one.value : null)));
  });
}
