import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CongealError } from '../../contract/errors.ts';
import { readIdxImages } from '../../datasets/idx.ts';
import type { LabelledImages } from '../../learn/classify/examples.ts';
import { type CollectionFailure, type CollectionImage, readCollection } from '../collection.ts';
import type { JobContext, JobMessage } from '../job.ts';
import type { IdxPair, LabelledFile, LearnRequest, LearnSource } from './learn-request.ts';
import { squarePictures } from './square-pictures.ts';

/** All examples of a run: those that may be learned from first, then those of a test set of its own. */
export interface ReadExamples {
  readonly images: LabelledImages;
  /** How many at the end are a test set of their own. */
  readonly testCount: number;
  readonly names: readonly string[];
  /** Files of a collection, one per example; none for idx files. */
  readonly files: readonly CollectionImage[];
  readonly failures: readonly CollectionFailure[];
  readonly fingerprint: string;
}

/**
 * Reads every example once.
 *
 * **Throws** CongealError `too-few-images` where fewer than two classes are left, and as `readIdxImages`.
 */
export async function* readExamples(
  { source, size, allowDamaged }: Pick<LearnRequest, 'source' | 'size' | 'allowDamaged'>,
  context: JobContext,
): AsyncGenerator<JobMessage, ReadExamples> {
  if (source.kind === 'idx') return await readIdx(source);
  const { files, test } = source;
  const labelOf = new Map([...files, ...test].map(({ id, label }) => [id, label]));
  const tested = new Set(test.map(({ id }) => id));
  const collection = yield* readCollection({ files: [...files, ...test], maxSide: size, allowDamaged }, context);
  const order = Array.from(collection.images.keys());
  const sorted = [
    ...order.filter((n) => !tested.has(collection.images[n].id)),
    ...order.filter((n) => tested.has(collection.images[n].id)),
  ];
  const own = sorted.map((n) => labelOf.get(collection.images[n].id) ?? '');
  const classes = classNames(files, own);
  const labels = Uint16Array.from(own, (label) => classes.indexOf(label));
  const work = sorted.map((n) => collection.work[n]);
  const images = sorted.map((n) => collection.images[n]);
  return {
    images: squarePictures(work, size, labels, classes),
    testCount: images.filter(({ id }) => tested.has(id)).length,
    names: images.map(({ id }) => id),
    files: images,
    failures: collection.failures,
    fingerprint: collection.fingerprint,
  };
}

/** Classes in the order of their names. */
function classNames(files: readonly LabelledFile[], found: readonly string[]): readonly string[] {
  const known = new Set(files.map(({ label }) => label));
  const left = new Set(found);
  const unknown = found.find((label) => !known.has(label));
  if (unknown !== undefined)
    throw new CongealError(
      'usage',
      `The test set has a class '${unknown}' that there is nothing to learn from. Its folders must be called like those to learn from.`,
    );
  const classes = [...left].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (classes.length >= 2) return classes;
  throw new CongealError(
    'too-few-images',
    `Images of ${classes.length} class${classes.length === 1 ? ` ('${classes[0]}')` : 'es'} can be used, expected at least two classes. Every folder is a class.`,
  );
}

async function readIdx({ train, test }: LearnSource & { kind: 'idx' }): Promise<ReadExamples> {
  const hash = createHash('sha256');
  const parts = [await readPair(train, hash), ...(test === null ? [] : [await readPair(test, hash)])];
  const [first] = parts;
  const second = parts.at(1);
  if (second !== undefined && second.shape.join() !== first.shape.join())
    throw new CongealError(
      'input-unreadable',
      `The test pictures are ${second.shape.join(' x ')} (channels, rows, columns), those to learn from ${first.shape.join(' x ')}. They must be alike.`,
    );
  const all = Uint16Array.from(parts.flatMap(({ labels }) => Array.from(labels)));
  const classCount = first.labels.reduce((largest, label) => Math.max(largest, label), 0) + 1;
  const strange = all.find((label) => label >= classCount);
  if (strange !== undefined)
    throw new CongealError(
      'input-unreadable',
      `The test labels hold ${strange}; the labels to learn from go from 0 to ${classCount - 1} only.`,
    );
  if (classCount < 2)
    throw new CongealError(
      'too-few-images',
      'All labels to learn from are 0: there is one class, expected at least two.',
    );
  const pixels = new Uint8Array(parts.reduce((sum, part) => sum + part.pixels.length, 0));
  pixels.set(first.pixels);
  if (second !== undefined) pixels.set(second.pixels, first.pixels.length);
  const { shape } = first;
  return {
    images: { shape, pixels, labels: all, classes: Array.from({ length: classCount }, (_, k) => String(k)) },
    testCount: second === undefined ? 0 : second.labels.length,
    names: parts.flatMap(({ labels }, p) =>
      Array.from(labels, (_, n) => `${p === 0 ? 'example' : 'test example'} ${n}`),
    ),
    files: [],
    failures: [],
    fingerprint: hash.digest('hex'),
  };
}

async function readPair({ images, labels }: IdxPair, hash: ReturnType<typeof createHash>) {
  const { channels, height, width, pixels, labels: own } = await readIdxImages(images, labels);
  for (const path of [images, labels]) hash.update(await readFile(path));
  return { shape: [channels, height, width] as const, pixels, labels: own };
}
