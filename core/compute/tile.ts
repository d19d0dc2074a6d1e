import type { ImageResult } from '../imaging/failure.ts';
import type { Tile, TilePlace } from '../imaging/tiles.ts';
import { cutTile } from '../imaging/tiles.ts';
import type { Reading } from './glances.ts';
import { heldLevels } from './held.ts';

/** A tile of an image. */
export interface TileRequest extends Reading {
  readonly path: string;
  readonly place: TilePlace;
}

/** Cuts a tile; the decoded image stays with this worker for the tiles beside it. */
export async function tileOf({ path, place, allowDamaged, limits }: TileRequest): Promise<ImageResult<Tile | null>> {
  return await cutTile(heldLevels, path, place, { allowDamage: allowDamaged, limits });
}
