import { rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportedCrop, ExportRequest } from '../../compute/export.ts';
import type { SupervisedMessage } from '../../compute/supervisor/messages.ts';
import type { RunJobOptions, Workers } from '../../compute/supervisor/workers.ts';
import { CongealError } from '../../contract/errors.ts';
import type { ExportOptions } from '../../contract/options.ts';
import { writeMetadataJsonl } from '../../datasets/metadata-jsonl.ts';
import { explainWriteError, prepareOutput, refuseOriginals, writeWhole } from '../outputs.ts';
import { makePartial, moveOver } from '../partial-folder.ts';
import type { MetadataInputs } from './metadata-rows.ts';
import { metadataRows } from './metadata-rows.ts';
import type { PlannedCrop } from './plan-export.ts';

/** How a dataset is written. */
export interface DatasetRequest extends Omit<MetadataInputs, 'size'> {
  /** Absolute path of the folder. */
  readonly out: string;
  readonly force: boolean;
  readonly crops: readonly PlannedCrop[];
  /** Absolute paths of files that are never written over. */
  readonly originals: readonly string[];
  readonly render: Pick<ExportOptions, 'size' | 'interpolation' | 'outside' | 'image' | 'quality'>;
}

/** What was written. */
export interface WrittenDataset {
  readonly crops: number;
  /** Of all crops, in bytes. */
  readonly bytes: number;
  readonly metadata: string;
}

/**
 * Renders crops from the originals into a dataset folder with `metadata.jsonl`.
 *
 * Everything is made in a `.partial` folder first: the target appears whole or not at all.
 */
export async function* writeDataset(
  { out, force, crops, originals, render, annotations, split }: DatasetRequest,
  { workers, ...options }: RunJobOptions & { readonly workers: Workers },
): AsyncGenerator<SupervisedMessage, WrittenDataset> {
  await refuseOriginals(
    crops.map(({ target }) => join(out, target)),
    originals,
  );
  const { made } = await prepareOutput(out, { force, resume: false });
  const partial = await makePartial(out);
  try {
    const rendered: readonly ExportedCrop[] = yield* workers.run('export', requestOf(crops, partial, render), options);
    if (rendered.length === 0)
      throw new CongealError(
        'images-failed',
        `None of the ${crops.length} originals could be used, so nothing was exported. Put them back where they were.`,
      );
    const metadata = writeMetadataJsonl(metadataRows(crops, rendered, { size: render.size, annotations, split }));
    await writeWhole(join(partial, 'metadata.jsonl'), metadata);
    const bytes = await sizeOf(partial, crops);
    await moveOver(partial, out);
    return { crops: rendered.length, bytes, metadata };
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    if (made) await rmdir(out).catch(() => undefined);
    throw explainWriteError(error, out);
  }
}

function requestOf(crops: readonly PlannedCrop[], folder: string, render: DatasetRequest['render']): ExportRequest {
  const { size, interpolation, outside, image, quality } = render;
  const items = crops.map(({ id, path, sha256, canonicalToImage, target }) => ({
    ...{ id, path, sha256, canonicalToImage, target },
  }));
  return { items, folder, width: size, height: size, kernel: interpolation, outside, format: image, quality };
}

async function sizeOf(folder: string, crops: readonly PlannedCrop[]): Promise<number> {
  let bytes = 0;
  for (const { target } of crops) bytes += (await stat(join(folder, target)).catch(() => undefined))?.size ?? 0;
  return bytes;
}
