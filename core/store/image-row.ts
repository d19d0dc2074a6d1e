import type { ProjectReader } from './database.ts';
import type { ImageId } from './ids.ts';
import type { StoredImage } from './images.ts';
import { fromStoredPath } from './project-paths.ts';

/** A row of `image` as `imageColumns` selects it. */
export interface ImageRow {
  readonly id: number;
  readonly path: string;
  readonly sha256: string | null;
  readonly bytes: number;
  readonly stored_width: number | null;
  readonly stored_height: number | null;
  readonly orientation: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly format: string | null;
  readonly status: 'ready' | 'failed';
  readonly failure_code: string | null;
  readonly failure_reason: string | null;
  readonly name: string;
  readonly added_at: number;
  readonly modified_at: number | null;
  readonly taken_at: number | null;
  readonly perceptual_hash: string | null;
  readonly duplicate_group: number | null;
  readonly burst_group: number | null;
}

/** What tells one known image from another. */
export type KnownRow = Pick<ImageRow, 'id' | 'path' | 'sha256'>;

/** The columns of an `ImageRow`. */
export const imageColumns = [
  'id',
  'path',
  'sha256',
  'bytes',
  'stored_width',
  'stored_height',
  'orientation',
  'width',
  'height',
  'format',
  'status',
  'failure_code',
  'failure_reason',
  'name',
  'added_at',
  'modified_at',
  'taken_at',
  'perceptual_hash',
  'duplicate_group',
  'burst_group',
]
  .map((name) => `image.${name}`)
  .join(', ');

/** An image from its row; paths become absolute. */
export function toImage(project: ProjectReader, row: ImageRow): StoredImage {
  const facts = {
    id: row.id as ImageId,
    path: fromStoredPath(project.path, row.path),
    name: row.name,
    bytes: row.bytes,
    addedAt: row.added_at,
    modifiedAt: row.modified_at,
    takenAt: row.taken_at,
    perceptualHash: row.perceptual_hash,
    duplicateGroup: row.duplicate_group,
    burstGroup: row.burst_group,
  };
  if (row.status === 'failed') {
    return {
      ...facts,
      status: 'failed',
      sha256: row.sha256,
      failureCode: row.failure_code ?? '',
      failureReason: row.failure_reason ?? '',
    };
  }
  return {
    ...facts,
    status: 'ready',
    sha256: row.sha256 ?? '',
    storedWidth: row.stored_width ?? 0,
    storedHeight: row.stored_height ?? 0,
    orientation: row.orientation ?? 1,
    width: row.width ?? 0,
    height: row.height ?? 0,
    format: row.format ?? '',
  };
}
