import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { ImageId } from './ids.ts';
import { matchImages } from './image-identity.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';

/** What is known about one file of the collection. */
interface ImageFacts {
  /** Absolute path. */
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
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
export type StoredImage = NewImage & { readonly id: ImageId };

interface ImageRow {
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
}

const columns = `path, sha256, bytes, stored_width, stored_height, orientation, width, height, format, status,
  failure_code, failure_reason`;
const selectAll = `SELECT id, ${columns} FROM image ORDER BY path`;
const selectKnown = 'SELECT id, path, sha256 FROM image';
const parkOne = `UPDATE image SET path = char(0) || id WHERE id = ?`;
const removeOne = 'DELETE FROM image WHERE id = ?';
const insertOne = `INSERT INTO image (${columns})
  VALUES (@path, @sha256, @bytes, @stored_width, @stored_height, @orientation, @width, @height, @format, @status,
    @failure_code, @failure_reason)`;
const updateOne = `UPDATE image SET path = @path, sha256 = @sha256, bytes = @bytes, stored_width = @stored_width,
    stored_height = @stored_height, orientation = @orientation, width = @width, height = @height, format = @format,
    status = @status, failure_code = @failure_code, failure_reason = @failure_reason
  WHERE id = @id`;

type KnownRow = Pick<ImageRow, 'id' | 'path' | 'sha256'>;

/**
 * Records a collection as it was just scanned and gives each image its id, in the order given. The same bytes keep
 * their id and with it their results, also under a new path; a file that cannot be read just now keeps them too. Other
 * bytes under a known path are another image: the old one leaves, with its results.
 *
 * **Throws** as `writing`.
 */
export function saveImages(project: Project, images: readonly NewImage[]): readonly ImageId[] {
  return writing(project, () => {
    const rows = images.map((image) => toRow(project, image));
    const known = prepare<[], KnownRow>(project, selectKnown).all();
    const matches = matchImages(known, rows);
    makeRoom(project, known, rows, matches);
    return rows.map((row, index) => {
      const match = matches[index];
      if (match === undefined) {
        return Number(prepare<[Omit<ImageRow, 'id'>]>(project, insertOne).run(row).lastInsertRowid) as ImageId;
      }
      prepare<[ImageRow]>(project, updateOne).run({ ...row, sha256: row.sha256 ?? match.sha256, id: match.id });
      return match.id as ImageId;
    });
  });
}

/**
 * Every image of the project, by stored path.
 *
 * **Throws** as `reading`.
 */
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
  rows: readonly Omit<ImageRow, 'id'>[],
  matches: readonly (KnownRow | undefined)[],
): void {
  const kept = new Set(matches);
  const taken = new Set(rows.map((row) => row.path));
  for (const row of known) {
    if (!kept.has(row) && taken.has(row.path)) prepare<[number]>(project, removeOne).run(row.id);
  }
  rows.forEach((row, index) => {
    const match = matches[index];
    if (match !== undefined && match.path !== row.path) prepare<[number]>(project, parkOne).run(match.id);
  });
}

function toRow(project: Project, image: NewImage): Omit<ImageRow, 'id'> {
  const ready = image.status === 'ready' ? image : undefined;
  const failed = image.status === 'failed' ? image : undefined;
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
  };
}

function toImage(project: ProjectReader, row: ImageRow): StoredImage {
  const facts = { id: row.id as ImageId, path: fromStoredPath(project.path, row.path), bytes: row.bytes };
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
