import { basename } from 'node:path';
import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { ImageId } from './ids.ts';
import { matchImages } from './image-identity.ts';
import { naturalOrder } from './natural-order.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';

/** What is known about one file of the collection. Times in milliseconds since 1970. */
interface ImageFacts {
  /** Absolute path. */
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** When it joined the collection; kept from the first time. */
  readonly addedAt?: number;
  /** When the file was last written. */
  readonly modifiedAt?: number | null;
}

/** An image that could be read. Sizes in pixels: as stored in the file, and after EXIF orientation (1-8). */
export interface ReadyImage extends ImageFacts {
  readonly status: 'ready';
  /** SHA-256 of the file's bytes as 64 hexadecimal digits: the image's identity, wherever the file moves. */
  readonly sha256: string;
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: number;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** When the picture was taken, as the camera's clock said. */
  readonly takenAt?: number | null;
  /** 64 bits that are alike for pictures that look alike, as 16 hexadecimal digits. */
  readonly perceptualHash?: string | null;
}

/** A file that could not be read, and why. */
export interface FailedImage extends ImageFacts {
  readonly status: 'failed';
  readonly sha256: string | null;
  readonly failureCode: string;
  readonly failureReason: string;
}

/** An image as it is handed to the project file. */
export type NewImage = ReadyImage | FailedImage;

/** An image as the project file knows it. */
export type StoredImage = NewImage & {
  readonly id: ImageId;
  /** The file's name. */
  readonly name: string;
  readonly addedAt: number;
  readonly modifiedAt: number | null;
  readonly takenAt: number | null;
  readonly perceptualHash: string | null;
  /** Id of one of the images that look the same; null where there are none. */
  readonly duplicateGroup: number | null;
  /** Id of one of the images taken in the same burst; null where there are none. */
  readonly burstGroup: number | null;
};

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

type KnownRow = Pick<ImageRow, 'id' | 'path' | 'sha256'>;

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

const selectAll = `SELECT ${imageColumns} FROM image WHERE removed_at IS NULL ORDER BY path`;
const selectOne = `SELECT ${imageColumns} FROM image WHERE id = ?`;
const selectKnown = `SELECT id, path, sha256 FROM image WHERE path IN (SELECT value FROM json_each(?))
    OR sha256 IN (SELECT value FROM json_each(?))`;
const parkOne = `UPDATE image SET path = char(0) || id WHERE id = ?`;
const removeOne = 'DELETE FROM image WHERE id = ?';
const unfindOne = 'DELETE FROM image_search WHERE rowid = ?';
const findOne = 'INSERT INTO image_search (rowid, name) VALUES (?, ?)';
const insertOne = `INSERT INTO image (path, sha256, bytes, stored_width, stored_height, orientation, width, height, format,
    status, failure_code, failure_reason, name, name_order, added_at, modified_at, taken_at, perceptual_hash)
  VALUES (@path, @sha256, @bytes, @stored_width, @stored_height, @orientation, @width, @height, @format, @status,
    @failure_code, @failure_reason, @name, @name_order, @added_at, @modified_at, @taken_at, @perceptual_hash)`;
const updateOne = `UPDATE image SET path = @path, sha256 = @sha256, bytes = @bytes, stored_width = @stored_width,
    stored_height = @stored_height, orientation = @orientation, width = @width, height = @height, format = @format,
    status = @status, failure_code = @failure_code, failure_reason = @failure_reason, name = @name,
    name_order = @name_order, modified_at = @modified_at, taken_at = coalesce(@taken_at, taken_at),
    perceptual_hash = coalesce(@perceptual_hash, perceptual_hash)
  WHERE id = @id`;

type NewRow = Omit<ImageRow, 'id' | 'duplicate_group' | 'burst_group'> & { readonly name_order: string };

/** How a collection is recorded. */
interface SaveOptions {
  /**
   * Absolute paths of the whole collection where `images` is only a part of it: an image whose file is still among them
   * has not moved, even where the same bytes turn up elsewhere.
   */
  readonly present?: ReadonlySet<string>;
}

/**
 * Records a collection, or a part of it, as it was just scanned and gives each image its id, in the order given. The
 * same bytes keep their id and with it their results, also under a new path; a file that cannot be read just now keeps
 * them too. Other bytes under a known path are another image: the old one leaves, with its results.
 *
 * **Throws** as `writing`.
 */
export function saveImages(
  project: Project,
  images: readonly NewImage[],
  { present }: SaveOptions = {},
): readonly ImageId[] {
  const rows = images.map((image) => toRow(project, image));
  const paths = JSON.stringify(rows.map((row) => row.path));
  const hashes = JSON.stringify(rows.map((row) => row.sha256));
  return writing(project, () => {
    const alike = prepare<[string, string], KnownRow>(project, selectKnown)
      .all(paths, hashes)
      .sort((a, b) => a.id - b.id);
    const known = present === undefined ? alike : withoutThoseStill(present, project, alike, rows);
    const matches = matchImages(known, rows);
    makeRoom(project, known, rows, matches);
    return rows.map((row, index) => {
      const id = matches[index] === undefined ? insert(project, row) : update(project, row, matches[index]);
      prepare<[number]>(project, unfindOne).run(id);
      prepare(project, findOne).run(id, row.name);
      return id;
    });
  });
}

function insert(project: Project, row: NewRow): ImageId {
  return Number(prepare<[NewRow]>(project, insertOne).run(row).lastInsertRowid) as ImageId;
}

function update(project: Project, row: NewRow, { id, sha256 }: KnownRow): ImageId {
  prepare(project, updateOne).run({ ...row, sha256: row.sha256 ?? sha256, id });
  return id as ImageId;
}

function withoutThoseStill(
  present: ReadonlySet<string>,
  project: Project,
  alike: readonly KnownRow[],
  rows: readonly NewRow[],
): readonly KnownRow[] {
  const here = new Set(rows.map((row) => row.path));
  return alike.filter((row) => here.has(row.path) || !present.has(fromStoredPath(project.path, row.path)));
}

/** One image, also one that was taken out of the collection; undefined where there is none. **Throws** as `reading`. */
export function findImage(project: ProjectReader, id: ImageId): StoredImage | undefined {
  const row = reading(project, () => prepare<[ImageId], ImageRow>(project, selectOne).get(id));
  return row === undefined ? undefined : toImage(project, row);
}

/** Every image of the collection, by stored path. **Throws** as `reading`. */
export function listImages(project: ProjectReader): readonly StoredImage[] {
  return reading(project, () =>
    prepare<[], ImageRow>(project, selectAll)
      .all()
      .map((row) => toImage(project, row)),
  );
}

/** Removes images whose path now holds others, and takes those that move off their old paths, which others may take. */
function makeRoom(
  project: Project,
  known: readonly KnownRow[],
  rows: readonly NewRow[],
  matches: readonly (KnownRow | undefined)[],
): void {
  const kept = new Set(matches);
  const taken = new Set(rows.map((row) => row.path));
  for (const row of known) {
    if (kept.has(row) || !taken.has(row.path)) continue;
    prepare<[number]>(project, removeOne).run(row.id);
    prepare<[number]>(project, unfindOne).run(row.id);
  }
  rows.forEach((row, index) => {
    const match = matches[index];
    if (match !== undefined && match.path !== row.path) prepare<[number]>(project, parkOne).run(match.id);
  });
}

function toRow(project: Project, image: NewImage): NewRow {
  const ready = image.status === 'ready' ? image : undefined;
  const failed = image.status === 'failed' ? image : undefined;
  const name = basename(image.path);
  return {
    path: toStoredPath(project.path, image.path),
    sha256: image.sha256,
    bytes: image.bytes,
    stored_width: ready?.storedWidth ?? null,
    stored_height: ready?.storedHeight ?? null,
    orientation: ready?.orientation ?? null,
    width: ready?.width ?? null,
    height: ready?.height ?? null,
    format: ready?.format ?? null,
    status: image.status,
    failure_code: failed?.failureCode ?? null,
    failure_reason: failed?.failureReason ?? null,
    name,
    name_order: naturalOrder(name),
    added_at: image.addedAt ?? Date.now(),
    modified_at: image.modifiedAt ?? null,
    taken_at: ready?.takenAt ?? null,
    perceptual_hash: ready?.perceptualHash ?? null,
  };
}

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
