import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { Kernel } from '../stn/sample.ts';
import type { OutputFormat } from '../imaging/encode.ts';
import { encodeRaster } from '../imaging/encode.ts';
import type { Outside } from '../imaging/warp.ts';
import { warpFile } from '../imaging/warp.ts';
import type { CollectionFile } from './collection.ts';
import type { JobContext, JobMessage } from './job.ts';
import { workThrough } from './work-through.ts';

/** A crop to be rendered: where from, and the file it becomes, relative to the dataset's folder. */
export interface ExportItem extends CollectionFile {
  readonly canonicalToImage: Matrix3;
  readonly target: string;
  /** SHA-256 that the original had when the run was made. */
  readonly sha256: string;
}

/** What is to be rendered and how; `folder` exists and is empty. */
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

/** What became of one crop. */
export interface ExportedCrop {
  readonly id: string;
  readonly outsideFraction: number;
  readonly effectiveResolution: number;
}

/**
 * Renders crops from the originals at full resolution and writes each as a file.
 *
 * **Throws** what the file system throws when a crop cannot be written.
 */
export async function* exportCrops(
  request: ExportRequest,
  context: Pick<JobContext, 'signal' | 'threads' | 'hands'>,
): AsyncGenerator<JobMessage, readonly ExportedCrop[]> {
  const exported: ExportedCrop[] = [];
  const total = request.items.length;
  let done = 0;
  for await (const { file, result } of workThrough(request.items, (item) => exportOne(item, request), context)) {
    done += 1;
    if ('code' in result) yield { event: 'failure', file: file.id, code: result.code, reason: result.reason };
    else exported.push(result);
    yield { event: 'progress', phase: 'render crops', done, total };
  }
  return exported;
}

async function exportOne(
  item: ExportItem,
  request: ExportRequest,
): Promise<ExportedCrop | { readonly code: string; readonly reason: string }> {
  const { width, height, kernel, outside, format, quality } = request;
  const crop = await warpFile(item.path, item.canonicalToImage, { width, height, kernel, outside });
  if (!crop.ok) return crop;
  if (crop.value.info.sha256 !== item.sha256)
    return {
      code: 'changed',
      reason:
        'The original is not the file that was aligned (its content has changed). Run align again, or restore it.',
    };
  const target = join(request.folder, item.target);
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'w');
  try {
    await file.writeFile(await encodeRaster(crop.value.raster, { format, quality }));
    await file.sync();
  } finally {
    await file.close();
  }
  const { outsideFraction, effectiveResolution } = crop.value.measure;
  return { id: item.id, outsideFraction, effectiveResolution };
}
