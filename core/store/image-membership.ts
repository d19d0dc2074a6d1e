import { prepare, type Editing } from './database.ts';
import type { ImageId } from './ids.ts';

const setRemoved = `UPDATE image SET removed_at = ? WHERE removed_at IS NULL
  AND id IN (SELECT value FROM json_each(?))`;
const unsetRemoved = `UPDATE image SET removed_at = NULL WHERE removed_at IS NOT NULL
  AND id IN (SELECT value FROM json_each(?))`;

/**
 * Takes images out of the collection, with all that is known of them, until that is undone; their files are never
 * touched. Gives how many there were.
 */
export function removeImages(editing: Editing, images: readonly ImageId[], at: number = Date.now()): number {
  return prepare(editing, setRemoved).run(at, JSON.stringify(images)).changes;
}

/** Takes images back into the collection, with all that was known of them. Gives how many had been taken out. */
export function restoreImages(editing: Editing, images: readonly ImageId[]): number {
  return prepare(editing, unsetRemoved).run(JSON.stringify(images)).changes;
}
