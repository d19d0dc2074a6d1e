import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type Random } from '../../../core/geometry/random.ts';
import type { ProjectReader } from '../../../core/store/database.ts';
import { recordEdit, redo, undo } from '../../../core/store/edits.ts';
import type { Bound } from '../../../core/store/image-filter.ts';
import { placeSql, segmentsAfter } from '../../../core/store/image-page-sql.ts';
import { countImages, listImageIds, pageImages, type ImagePageRequest } from '../../../core/store/image-pages.ts';
import type { ImageCursor } from '../../../core/store/image-sort.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { addTag, tagImages } from '../../../core/store/tags.ts';
import { numberOption } from '../../support/bench-options.ts';
import { someFilter, someSort, type Collection } from '../../support/image-collections.ts';

type Emit = (figure: Record<string, unknown>) => void;

const pageLength = 100;
const pages = 2000;

/**
 * A project of 100,000 generated image rows: opening and the first page, pages of random filters, sorts and depths,
 * counts, lists of all ids, an edit of every image with undo and redo, memory.
 *
 * Arguments: `--images N`, `--seed N`.
 */
export function run(emit: Emit, args: readonly string[]): void {
  const count = numberOption(args, '--images') ?? 100_000;
  const seed = numberOption(args, '--seed') ?? 1;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-'));
  const path = join(folder, 'many.congeal');
  const figure = (name: string, facts: Record<string, unknown>) =>
    emit({ bench: 'engine', part: 'store', name, ...facts });
  try {
    const [collection, filled] = timed(() => fillElsewhere(path, count, seed));
    figure('fill', { images: count, seconds: filled / 1000, megabytes: statSync(path).size / 1e6 });

    const [opened, opening] = timed(() => openProject(path));
    const first: ImagePageRequest = { filter: {}, sort: { by: 'name' }, limit: pageLength };
    const [, firstPage] = timed(() => pageImages(opened, first));
    figure('first page', { openMilliseconds: opening, milliseconds: firstPage, target: 50 });
    figure('pages', { ...summary(manyPages(opened, collection, random.fork('pages'))), target: 20 });
    figure('counts', summary(someCounts(opened, collection, random.fork('counts'))));
    figure('all ids', { milliseconds: timed(() => listImageIds(opened, {}, { by: 'name' }))[1] });
    const [, edit] = timed(() =>
      recordEdit(opened, 'tag all', (editing) => tagImages(editing, addTag(editing, 'all'), collection.images)),
    );
    const [, undone] = timed(() => undo(opened));
    const [, redone] = timed(() => redo(opened));
    figure('edit of every image', { milliseconds: edit, undoMilliseconds: undone, redoMilliseconds: redone });
    figure('memory', { megabytes: process.memoryUsage().rss / 1e6, target: 400 });
    closeProject(opened);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of single pages: random filters and sorts, each followed to a random depth. */
function manyPages(project: ProjectReader, collection: Collection, random: Random): number[] {
  const times: number[] = [];
  while (times.length < pages) {
    const [filter, sort] = [someFilter(collection, random), someSort(collection, random)];
    let request: ImagePageRequest = { filter, sort, limit: pageLength };
    for (let depth = 1 + random.integer(20); depth > 0; depth--) {
      const [page, milliseconds] = timed(() => pageImages(project, request));
      times.push(milliseconds);
      if (page.next === null) break;
      // A leap takes the page from anywhere in the order, as a scrollbar does.
      const leaps = random.uniform() < 0.2;
      request = { ...request, after: leaps ? placeIn(project, request, collection, random) : page.next };
    }
  }
  return times;
}

function placeIn(
  project: ProjectReader,
  { sort }: ImagePageRequest,
  { images }: Collection,
  random: Random,
): ImageCursor | null {
  const { sql, values } = placeSql(sort, segmentsAfter(sort, null)[0], random.integer(images.length));
  return project.database.prepare<Bound[], ImageCursor>(sql).get(...values) ?? null;
}

/** Fills the project in a process of its own, so that its memory is not counted. */
function fillElsewhere(path: string, count: number, seed: number): Collection {
  const at = (file: string): string => JSON.stringify(new URL(`../../../${file}`, import.meta.url).href);
  const script = `import { createRandom } from ${at('core/geometry/random.ts')};
    import { closeProject, openProject } from ${at('core/store/project-file.ts')};
    import { fillCollection } from ${at('test/support/image-collections.ts')};
    const project = openProject(process.argv[1], { create: true });
    console.log(JSON.stringify(fillCollection(project, ${count}, createRandom(${seed}))));
    closeProject(project);`;
  const options = { encoding: 'utf8', maxBuffer: 1e9 } as const;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script, path], options)) as Collection;
}

function someCounts(project: ProjectReader, collection: Collection, random: Random): number[] {
  return Array.from({ length: 200 }, () => timed(() => countImages(project, someFilter(collection, random)))[1]);
}

function timed<Result>(work: () => Result): [result: Result, milliseconds: number] {
  const started = performance.now();
  return [work(), performance.now() - started];
}

function summary(times: readonly number[]): Record<string, number> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { count: sorted.length, medianMilliseconds: at(0.5), p95Milliseconds: at(0.95), worstMilliseconds: at(1) };
}
