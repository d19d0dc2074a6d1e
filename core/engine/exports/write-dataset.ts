import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportRequest } from '../../compute/export.ts';
import type { SupervisedMessage } from '../../compute/supervisor/messages.ts';
import type { RunJobOptions, Workers } from '../../compute/supervisor/workers.ts';
import { versions } from '../../compute/supervisor/versions.ts';
import { CongealError } from '../../contract/errors.ts';
import type { ExportOptions } from '../../contract/options.ts';
import type { WrittenCrop } from '../../datasets/export-journal.ts';
import { writeMetadataJsonl } from '../../datasets/metadata-jsonl.ts';
import { explainWriteError } from '../../store/write-errors.ts';
import { prepareOutput, refuseOriginals, removeMade, writeWhole } from '../outputs.ts';
import { makePartial, moveOver } from '../partial-folder.ts';
import type { MetadataInputs } from './metadata-rows.ts';
import { metadataRows } from './metadata-rows.ts';
import type { PlannedCrop } from './plan-export.ts';

/** How a dataset is written. */
export interface DatasetRequest extends Omit<MetadataInputs, 'size'> {
  /** Absolute path of the folder. */
  readonly out: string;
  /** Whether to write into a folder that is not empty; absent where whoever asks cannot say so. */
  readonly force?: boolean;
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
  readonly metadataSha256: string;
}

/** Name of the list in a dataset's folder. */
export const metadataName = 'metadata.jsonl';

/** Stage of the state that is kept when a dataset only has to be moved to its place: a `WrittenDataset` as JSON. */
export const writtenStage = 'written';

/**
 * Renders crops from the originals into a dataset folder with `metadata.jsonl`.
 *
 * Everything is made in a `.partial` folder first: the target appears whole or not at all. What was rendered is kept when
 * it is stopped or fails on the way, and taken up by the next export of the same crops into the same folder.
 *
 * @param options.isGivenUp - whether what was rendered shall not be kept when it is stopped
 */
export async function* writeDataset(
  { out, force, crops, originals, render, annotations, split }: DatasetRequest,
  {
    workers,
    isGivenUp = () => false,
    ...options
  }: RunJobOptions & { readonly workers: Workers; readonly isGivenUp?: () => boolean },
): AsyncGenerator<SupervisedMessage, WrittenDataset> {
  await refuseOriginals(
    crops.map(({ target }) => join(out, target)),
    originals,
  );
  const { made } = await prepareOutput(out, force === undefined ? {} : { force });
  const partial = await makePartial(out, recipeOf(crops, render));
  try {
    const rendered: readonly WrittenCrop[] = yield* workers.run('export', requestOf(crops, partial, render), options);
    if (rendered.length === 0) throw nothingRendered(crops.length);
    const metadata = writeMetadataJsonl(metadataRows(crops, rendered, { size: render.size, annotations, split }));
    await writeWhole(join(partial, metadataName), metadata);
    const written = {
      crops: rendered.length,
      bytes: rendered.reduce((sum, { bytes }) => sum + bytes, 0),
      metadataSha256: createHash('sha256').update(metadata).digest('hex'),
    };
    yield { event: 'checkpoint', stage: writtenStage, bytes: Buffer.from(JSON.stringify(written)) };
    await moveOver(partial, out);
    return written;
  } catch (error) {
    const useless = error instanceof CongealError && error.code === 'images-failed';
    if (useless || isGivenUp()) await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    await removeMade(made);
    throw explainWriteError(error, out);
  }
}

function nothingRendered(count: number): CongealError {
  return new CongealError(
    'images-failed',
    `None of the ${count} originals could be used, so nothing was exported. Put them back where they were.`,
  );
}

/** A hash of everything that crops depend on: of the same recipe come the same bytes. */
function recipeOf(crops: readonly PlannedCrop[], render: DatasetRequest['render']): string {
  const { size, interpolation, outside, image, quality } = render;
  const hash = createHash('sha256').update(JSON.stringify([versions(), size, interpolation, outside, image, quality]));
  for (const { id, sha256, canonicalToImage, target } of crops)
    hash.update(JSON.stringify([id, sha256, canonicalToImage, target]));
  return hash.digest('hex');
}

function requestOf(crops: readonly PlannedCrop[], folder: string, render: DatasetRequest['render']): ExportRequest {
  const { size, interpolation, outside, image, quality } = render;
  const items = crops.map(({ id, path, sha256, canonicalToImage, target }) => ({
    ...{ id, path, sha256, canonicalToImage, target },
  }));
  return { items, folder, width: size, height: size, kernel: interpolation, outside, format: image, quality };
}
