import { basename, relative, resolve, sep } from 'node:path';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import { CongealError } from '../contract/errors.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { AlignOptions } from '../contract/options.ts';
import { readBoxesCsv } from '../datasets/boxes-csv.ts';
import { writeTransformsCsv } from '../datasets/transforms-csv.ts';
import { writeTransformsJson } from '../datasets/transforms-json.ts';
import type { Box } from '../geometry/boxes.ts';
import { checkFeatures, checkModelFile, hashOfFeatures } from './features.ts';
import { readGiven } from './given-file.ts';
import type { LearningOutcome } from './run-learning.ts';
import { collectionName, runLearning } from './run-learning.ts';
import { isWithin } from './folders/folder-tree.ts';
import type { Source } from './source.ts';
import { transformRows } from './transform-rows.ts';
import type { UseCaseContext } from './use-case.ts';
import { makeRunFiles, writeAll } from './write-report.ts';

const modelName = 'aligner.onnx';
const leaves = ['transforms.csv', 'transforms.json', 'mean.png', 'std.png', 'mean-before.png', 'report.html'];

/** Brings every image of a folder into one canonical pose and writes transforms, means, report and `aligner.onnx`. */
export async function* align(
  options: AlignOptions,
  context: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  await checkModelFile(options.features);
  const boxes = options.boxes === undefined ? undefined : await readBoxes(options.boxes);
  const { family, size, reference, mirror, rotation, features, learn, allowDamaged, optimise } = options;
  const recipe = {
    ...{
      family,
      size,
      reference: reference === undefined ? null : idWithin(options.folder, reference),
      mirror,
      rotation,
      learn,
      allowDamaged,
    },
    boxes: boxes === undefined ? null : [...boxes].map(([file, box]) => [file, box.xmin, box.ymin, box.xmax, box.ymax]),
    features: await hashOfFeatures(features),
    ...(optimise ? {} : { optimise }),
  };
  return yield* runLearning(
    options,
    {
      kind: 'align',
      recipe,
      modelName,
      leaves: learn ? [...leaves, modelName] : leaves,
      check: async (source) => {
        if (reference !== undefined) referenceIn(source, reference);
        if (boxes !== undefined && !source.files.some(({ id }) => boxes.has(id)))
          throw new CongealError(
            'input-unreadable',
            `--boxes: none of the ${boxes.size} files with a box in ${options.boxes ?? ''} is in ${source.root}. ` +
              'Its first column must hold names relative to that folder.',
          );
        await checkFeatures(features, 'align', context);
      },
      request: (source) => {
        const id = reference === undefined ? undefined : referenceIn(source, reference);
        const request = { files: source.files, family, boxes, mirror, rotation, features, learn, size, allowDamaged };
        return { ...request, reference: id, optimise };
      },
      write: (outcome) =>
        writeAlign(
          options,
          { ...recipe, boxes: options.boxes === undefined ? null : basename(options.boxes) },
          outcome,
        ),
    },
    context,
  );
}

async function* writeAlign(
  { seed, out, size, allowDamaged }: AlignOptions,
  options: Readonly<Record<string, unknown>>,
  outcome: LearningOutcome,
): AsyncGenerator<SupervisedMessage, readonly string[]> {
  const { learned, source } = outcome;
  const title = collectionName(source);
  const { recipe, pictures, page } = yield* makeRunFiles(
    { kind: 'align', title, seed, options, modelName, orderBy: 'similarity', size, allowDamaged },
    outcome,
  );
  const rows = transformRows(outcome);
  return await writeAll(resolve(out), {
    'transforms.csv': writeTransformsCsv(rows),
    'transforms.json': writeTransformsJson({ recipe, images: rows }),
    'mean.png': pictures.files.mean,
    'std.png': pictures.files.std,
    'mean-before.png': pictures.files.meanBefore,
    'report.html': page,
    [modelName]: learned.model,
  });
}

/** The first box of each image that has one. */
async function readBoxes(path: string): Promise<ReadonlyMap<string, Box>> {
  const text = (await readGiven('--boxes', path)).toString('utf8');
  const boxes = new Map<string, Box>();
  for (const { file, box } of readBoxesCsv(text, path)) if (box !== null && !boxes.has(file)) boxes.set(file, box);
  return boxes;
}

/** The name of a file relative to the folder it lies in: what is written names no place on this machine. */
function idWithin(folder: string, file: string): string {
  const [root, path] = [resolve(folder), resolve(file)];
  return isWithin(path, root) ? relative(root, path).split(sep).join('/') : file;
}

function referenceIn(source: Source, reference: string): string {
  const path = resolve(reference);
  const found = source.files.find((file) => file.id === reference) ?? source.files.find((file) => file.path === path);
  if (found !== undefined) return found.id;
  throw new CongealError(
    'input-missing',
    `--reference: '${reference}' is none of the ${source.files.length} images of ${source.root}. Name a file of that folder.`,
  );
}
