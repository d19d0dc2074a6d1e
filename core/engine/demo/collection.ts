import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample, SamplesRequest } from '../../compute/samples.ts';
import type { DoneMessage, EngineMessage } from '../../contract/events.ts';
import { alignOptions, exportOptions, findOptions } from '../../contract/options.ts';
import { readBoxesCsv, writeBoxesCsv } from '../../datasets/boxes-csv.ts';
import { writeKeypointsCsv } from '../../datasets/keypoints-csv.ts';
import { readTransformsCsv } from '../../datasets/transforms-csv.ts';
import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { align } from '../align.ts';
import { exportDataset } from '../export.ts';
import { find } from '../find.ts';
import { writeWhole } from '../outputs.ts';
import type { UseCaseContext } from '../use-case.ts';
import { toEngineMessages } from '../use-case.ts';
import { measureBoxes, measurePoses } from './truth.ts';
import type { Measured } from './truth.ts';

/** One collection of the demonstration: what is drawn, and how it is worked on. */
export interface DemoPlan {
  readonly name: SamplesRequest['collection'];
  readonly title: string;
  readonly description: string;
  readonly count: number;
  /** Options of `align` besides folder and output that differ from the defaults. */
  readonly align: Readonly<Record<string, unknown>>;
  /** Whether alignment starts within the boxes that were found. */
  readonly withinBoxes: boolean;
}

/** What came of one collection. */
export interface DemoOutcome {
  readonly plan: DemoPlan;
  readonly folder: string;
  readonly samples: readonly Sample[];
  readonly boxes: ReadonlyMap<string, Box | null>;
  readonly poses: ReadonlyMap<string, Matrix3>;
  readonly measured: readonly Measured[];
  readonly seconds: Readonly<Record<string, number>>;
  readonly written: readonly string[];
}

/** Side in pixels of the mean images. */
export const demoMeanSide = 256;

/** Draws one collection, finds, aligns, exports, and compares with the truth. */
export async function* runCollection(
  plan: DemoPlan,
  out: string,
  context: UseCaseContext & { readonly seed: number; readonly threads: number },
): AsyncGenerator<EngineMessage, DemoOutcome> {
  const { seed, threads, signal, workers } = context;
  const folder = join(out, plan.name);
  const images = join(folder, 'images');
  const request = { collection: plan.name, folder: images, count: plan.count };
  const samples = yield* toEngineMessages(workers.run('samples', request, { seed, signal, priority: 'run' }));
  const truth = await writeTruth(folder, samples);
  const common = { folder: images, seed, threads, force: true };
  const size = demoMeanSide;
  const [found, aligned, dataset] = ['found', 'aligned', 'dataset'].map((name) => join(folder, name));
  const finding = yield* find(findOptions.parse({ ...common, out: found }), context);
  const boxes = readBoxesCsv(await readFile(join(found, 'boxes.csv'), 'utf8'), 'boxes.csv');
  const within = plan.withinBoxes ? { boxes: join(found, 'boxes.csv') } : {};
  const aligning = yield* align(
    alignOptions.parse({ ...common, size, ...plan.align, ...within, out: aligned }),
    context,
  );
  const transforms = readTransformsCsv(await readFile(join(aligned, 'transforms.csv'), 'utf8'), 'transforms.csv');
  const exporting = yield* exportDataset(
    exportOptions.parse({ source: aligned, out: dataset, size: 256, force: true }),
    context,
  );
  const boxByFile = new Map(boxes.map(({ file, box }) => [file, box]));
  const poses = new Map(
    transforms.flatMap(({ file, canonicalToImage }) =>
      canonicalToImage === null ? [] : [[file, canonicalToImage] as const],
    ),
  );
  const measured = [...measureBoxes(samples, boxByFile), ...measurePoses(samples, poses)];
  const seconds = { find: finding.seconds, align: aligning.seconds, export: exporting.seconds };
  const written = [truth, [finding, aligning, exporting].flatMap((done: DoneMessage) => done.written)].flat();
  return { plan, folder, samples, boxes: boxByFile, poses, measured, seconds, written };
}

/** Writes what is true of the drawn images beside them, in the formats that `score` reads. */
async function writeTruth(folder: string, samples: readonly Sample[]): Promise<readonly string[]> {
  const boxes = join(folder, 'true-boxes.csv');
  const points = join(folder, 'true-points.csv');
  await writeWhole(
    boxes,
    writeBoxesCsv(
      samples.map(({ file, width, height, truth }) => ({
        file,
        width,
        height,
        box: truth.box,
        score: null,
        reason: '',
      })),
    ),
  );
  await writeWhole(
    points,
    writeKeypointsCsv(samples.map(({ file, truth }) => ({ file, points: truth.landmarks.map(({ point }) => point) }))),
  );
  return [boxes, points];
}
