import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WrittenCrop } from '../datasets/export-journal.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { Kernel } from '../stn/sample.ts';
import type { OutputFormat } from '../imaging/encode.ts';
import { encodeRaster } from '../imaging/encode.ts';
import type { Outside } from '../imaging/warp.ts';
import { warpFile } from '../imaging/warp.ts';
import type { CollectionFile } from './collection.ts';
import type { OpenJournal } from './export-journal.ts';
import { openExportJournal } from './export-journal.ts';
import type { JobContext, JobMessage } from './job.ts';
import { workThrough } from './work-through.ts';

/** A crop to be rendered: where from, and the file it becomes, relative to the dataset's folder. */
export interface ExportItem extends CollectionFile {
  readonly canonicalToImage: Matrix3;
  readonly target: string;
  /** SHA-256 that the original had when the run was made. */
  readonly sha256: string;
}

/** What is to be rendered and how; in `folder` lies the journal of exactly this request, and what it lists. */
export interface ExportRequest {
  readonly items: readonly ExportItem[];
  readonly folder: string;
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  readonly outside: Outside;
  readonly format: OutputFormat;
  readonly quality: number;
}

/**
 * Renders crops from the originals at full resolution and writes each as a file. What the journal lists is not rendered
 * again: a worker that takes over, or an export that is taken up later, goes on where another one ended.
 *
 * **Throws** what the file system throws when a crop cannot be written.
 */
export async function* exportCrops(
  request: ExportRequest,
  context: Pick<JobContext, 'signal' | 'threads' | 'hands'>,
): AsyncGenerator<JobMessage, readonly WrittenCrop[]> {
  const journal = openExportJournal(request.folder);
  const exported: WrittenCrop[] = [];
  const total = request.items.length;
  let done = 0;
  try {
    const work = (item: ExportItem) => exportOne(item, request, journal);
    for await (const { file, result } of workThrough(request.items, work, context)) {
      done += 1;
      if ('code' in result) yield { event: 'failure', file: file.id, code: result.code, reason: result.reason };
      else exported.push(result);
      yield { event: 'progress', phase: 'render crops', done, total };
    }
  } finally {
    journal.close();
  }
  return exported;
}

async function exportOne(
  item: ExportItem,
  request: ExportRequest,
  journal: OpenJournal,
): Promise<WrittenCrop | { readonly code: string; readonly reason: string }> {
  const { width, height, kernel, outside, format, quality } = request;
  const target = join(request.folder, item.target);
  const before = journal.written.get(item.id);
  if (before !== undefined && (await sizeOf(target)) === before.bytes) return before;
  const crop = await warpFile(item.path, item.canonicalToImage, { width, height, kernel, outside });
  if (!crop.ok) return crop;
  if (crop.value.info.sha256 !== item.sha256)
    return {
      code: 'changed',
      reason:
        'The original is not the file that was aligned (its content has changed). Run align again, or restore it.',
    };
  await mkdir(dirname(target), { recursive: true });
  const encoded = await encodeRaster(crop.value.raster, { format, quality });
  const file = await open(target, 'w');
  try {
    await file.writeFile(encoded);
    await file.sync();
  } finally {
    await file.close();
  }
  const { outsideFraction, effectiveResolution } = crop.value.measure;
  const written = { id: item.id, bytes: encoded.length, outsideFraction, effectiveResolution };
  journal.add(written);
  return written;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
