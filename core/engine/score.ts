import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import type { ScoreOptions } from '../contract/options.ts';
import { readBoxesCsv } from '../datasets/boxes-csv.ts';
import { readKeypointsCsv } from '../datasets/keypoints-csv.ts';
import { readTransformsCsv } from '../datasets/transforms-csv.ts';
import { localisationAccuracy, transferAccuracy } from '../geometry/agreement.ts';
import type { Box } from '../geometry/boxes.ts';
import { readGiven } from './given-file.ts';

/** How well a finished run agrees with known keypoints (PCK) or boxes (CorLoc). */
export type ScoreResult = Readonly<Record<string, number>>;

/**
 * Compares the files in an output folder with known keypoints or boxes.
 *
 * **Throws** CongealError `usage` without truth, `input-missing` or `input-unreadable` for what cannot be read.
 */
export async function score({ source, points, boxes }: ScoreOptions): Promise<ScoreResult> {
  if (points === undefined && boxes === undefined)
    throw new CongealError('usage', 'score: give the truth with --points keypoints.csv or --boxes boxes.csv.');
  return {
    ...(points === undefined ? {} : await scorePoints(source, points)),
    ...(boxes === undefined ? {} : await scoreBoxes(source, boxes)),
  };
}

async function scorePoints(source: string, path: string): Promise<ScoreResult> {
  const found = readTransformsCsv(await written(source, 'transforms.csv', 'align or apply'), 'transforms.csv');
  const truth = new Map(
    readKeypointsCsv(await truthOf('--points', path), path).map(({ file, points }) => [file, points]),
  );
  const images = found.flatMap(({ file, canonicalToImage }) => {
    const points = truth.get(file);
    return points === undefined ? [] : [{ points, canonicalToImage }];
  });
  if (images.length < 2)
    throw new CongealError(
      'input-unreadable',
      `${path}: ${images.length} of its files are in ${source}, expected at least 2. Check the names in its first column.`,
    );
  const { shares, pairs, allPairs } = transferAccuracy(images, [0.1, 0.05]);
  return { 'PCK@0.1': shares[0], 'PCK@0.05': shares[1], images: images.length, pairs, allPairs };
}

async function scoreBoxes(source: string, path: string): Promise<ScoreResult> {
  const found = readBoxesCsv(await written(source, 'boxes.csv', 'find'), 'boxes.csv');
  const truth = new Map<string, Box[]>();
  for (const { file, box } of readBoxesCsv(await truthOf('--boxes', path), path))
    if (box !== null) truth.set(file, [...(truth.get(file) ?? []), box]);
  const images = found.map(({ file, box }) => ({ found: box, truth: truth.get(file) ?? [] }));
  const { corLoc, meanIou, images: counted } = localisationAccuracy(images);
  if (counted === 0)
    throw new CongealError(
      'input-unreadable',
      `${path}: none of its files is in ${source}. Check the names in its first column.`,
    );
  return { CorLoc: corLoc, meanIoU: meanIou, boxImages: counted };
}

async function truthOf(option: string, path: string): Promise<string> {
  return (await readGiven(option, path)).toString('utf8');
}

/** A file that a run has left in its folder. */
async function written(source: string, name: string, commands: string): Promise<string> {
  const path = join(source, name);
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CongealError(
      'input-missing',
      `${path} cannot be read; it is written by ${commands}. Give the output folder of a finished ${commands}.`,
      { cause },
    );
  });
}
