import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { annotationsOfImages } from '../../../core/store/annotations.ts';
import { correctionsOfImages } from '../../../core/store/corrections.ts';
import type { Project } from '../../../core/store/database.ts';
import type { ImageId, TagId } from '../../../core/store/ids.ts';
import { pageGroups } from '../../../core/store/image-groups.ts';
import { conditionsOf, type ImageFilter } from '../../../core/store/image-filter.ts';
import { placeSql, selectSql, segmentsAfter } from '../../../core/store/image-page-sql.ts';
import { countImages, listImageIds, pageImages } from '../../../core/store/image-pages.ts';
import type { ImageCursor, ImageSort } from '../../../core/store/image-sort.ts';
import { listImages, saveImages, type StoredImage } from '../../../core/store/images.ts';
import { naturalOrder } from '../../../core/store/natural-order.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listScores } from '../../../core/store/scores.ts';
import { tagsOfImages } from '../../../core/store/tags.ts';
import { listTransforms } from '../../../core/store/transforms.ts';
import { fillCollection, someFilter, someSort, type Collection } from '../../support/image-collections.ts';
import { sampleImage } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function newProject(): Project {
  return openProject(join(temporaryFolder(), 'sample.congeal'), { create: true });
}

/** Answers the same questions by looking at every image. */
function slowly(project: Project, { run }: Collection): (filter: ImageFilter, sort: ImageSort) => readonly number[] {
  const all = listImages(project);
  const ids = all.map((image) => image.id);
  const tags = tagsOfImages(project, ids);
  const decisions = new Map(correctionsOfImages(project, run, ids).map((one) => [one.image, one.decision]));
  const outcomes = new Map(listTransforms(project, run).map((one) => [one.image, one.status]));
  const scores = new Map(listScores(project, run).map((one) => [one.image, one.value]));
  const annotated = new Set(annotationsOfImages(project, ids).map(({ on }) => ('image' in on ? on.image : 0)));
  const has = (image: StoredImage, tag: TagId): boolean => tags.get(image.id)?.includes(tag) === true;
  const passes = (filter: ImageFilter, image: StoredImage): boolean =>
    (filter.status === undefined || image.status === filter.status) &&
    (filter.anyTag === undefined || filter.anyTag.some((tag) => has(image, tag))) &&
    (filter.allTags ?? []).every((tag) => has(image, tag)) &&
    image.name.toLowerCase().includes((filter.text ?? '').toLowerCase()) &&
    (filter.decision === undefined || (decisions.get(image.id) ?? 'undecided') === filter.decision.is) &&
    (filter.outcome === undefined || outcomes.get(image.id) === filter.outcome.is) &&
    (filter.score === undefined ||
      ((scores.get(image.id) ?? NaN) >= (filter.score.min ?? -Infinity) &&
        (scores.get(image.id) ?? NaN) <= (filter.score.max ?? Infinity))) &&
    (filter.annotated === undefined || annotated.has(image.id) === filter.annotated) &&
    (filter.grouped === undefined || image.duplicateGroup !== null) &&
    (filter.group === undefined || image.duplicateGroup === filter.group.id) &&
    (filter.sameFile === undefined || image.sha256 === all.find(({ id }) => id === filter.sameFile)?.sha256);
  const keyOf = (image: StoredImage, by: ImageSort['by']): string | number | null => {
    if (typeof by === 'object') return ('score' in by ? scores.get(image.id) : outcomes.get(image.id)) ?? null;
    if (by === 'name') return naturalOrder(image.name);
    if (by === 'pixels') return image.status === 'ready' ? image.width * image.height : null;
    return { path: image.path, added: image.addedAt, bytes: image.bytes, status: image.status, taken: image.takenAt }[by]; // prettier-ignore
  };
  return (filter, { by, descending }) => {
    const keyed = all.filter((image) => passes(filter, image)).map(({ id, ...rest }) => ({ id, key: keyOf({ id, ...rest }, by) })); // prettier-ignore
    const compare = (a: string | number, b: string | number): number =>
      typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b as string)) : a - (b as number);
    return keyed
      .sort((a, b) => {
        if (a.key === null || b.key === null) {
          if (a.key !== b.key) return a.key === null ? 1 : -1;
          return descending === true ? b.id - a.id : a.id - b.id;
        }
        const order = compare(a.key, b.key) || a.id - b.id;
        return descending === true ? -order : order;
      })
      .map(({ id }) => id);
  };
}

test('pages hold every image that a filter lets through exactly once, in order, for any filter, sort and size', () => {
  const project = newProject();
  const random = createRandom(3);
  const collection = fillCollection(project, 3000, random);
  const expected = slowly(project, collection);
  for (let count = 0; count < 150; count++) {
    const [filter, sort] = [someFilter(collection, random), someSort(collection, random)];
    const found: ImageId[] = [];
    const limit = 1 + random.integer(900);
    let after: ImageCursor | null = null;
    do {
      const page = pageImages(project, { filter, sort, limit, after });
      expect(page.images.length).toBeLessThanOrEqual(limit);
      found.push(...page.images.map((image) => image.id));
      after = page.next;
    } while (after !== null);
    const wanted = expected(filter, sort);
    expect(found, JSON.stringify({ filter, sort, limit })).toEqual(wanted);
    expect(listImageIds(project, filter, sort)).toEqual(wanted);
    expect(countImages(project, filter)).toBe(wanted.length);
  }
  closeProject(project);
});

test('pages of a filter that lets through what an order brings last are found beyond a long walk', () => {
  const project = newProject();
  const random = createRandom(4);
  const { tags, images } = fillCollection(project, 20_000, random);
  const known = listImages(project).filter((image) => image.addedAt > 1_700_000_000_036);
  const late = known.filter(({ id }) => tagsOfImages(project, [id]).get(id)?.includes(tags[0]));
  const filter = { anyTag: [tags[0]], score: { run: 1 as never, name: 'similarity', min: -Infinity } };
  const sort = { by: 'added', descending: false } as const;
  const page = pageImages(project, { filter, sort, limit: 5, after: { value: known[0].addedAt - 1, id: 1e9 } });
  expect(page.images.length).toBe(5);
  expect(late.map(({ id }) => id)).toContain(page.images[0].id);
  expect(images.length).toBe(20_000);
  closeProject(project);
});

test('without a filter every page comes along an index, whatever it is sorted by', () => {
  const project = newProject();
  const collection = fillCollection(project, 200, createRandom(6));
  const names = ['name', 'path', 'added', 'bytes', 'pixels', 'status', 'taken'] as const;
  for (const by of [
    ...names,
    { run: collection.run, score: 'similarity' },
    { run: collection.run, outcome: true } as const,
  ]) {
    for (const descending of [false, true]) {
      for (const segment of segmentsAfter({ by }, { value: 5, id: 7 })) {
        const { sql } = selectSql({ by, descending }, segment, { others: [] }, { columns: 'image.id', limit: 5 });
        const steps = project.database.prepare<[], { detail: string }>(
          `EXPLAIN QUERY PLAN ${sql.replaceAll('?', '5')}`,
        );
        const plan = steps.all().map((step) => step.detail).join('; '); // prettier-ignore
        expect(plan, sql).toMatch(/SEARCH/);
        // Images that lack a score are found by looking for it.
        expect(plan, sql).not.toMatch(typeof by === 'object' ? /TEMP B-TREE/ : /SCAN|TEMP B-TREE/);
      }
    }
  }
  closeProject(project);
});

test('how far a page walks is told by an index alone, whatever it is sorted by', () => {
  const project = newProject();
  const { run } = fillCollection(project, 200, createRandom(6));
  const orders = ['name', 'path', 'added', 'bytes', 'pixels', 'status', 'taken', { run, score: 'similarity' }, { run, outcome: true }] as const; // prettier-ignore
  for (const by of orders)
    for (const descending of [false, true]) {
      const [segment] = segmentsAfter({ by }, { value: 5, id: 7 });
      const { sql } = placeSql({ by, descending }, segment, 50);
      const steps = project.database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replaceAll('?', '5')}`);
      const plan = steps.all().map((step) => step.detail);
      expect(plan, sql).toHaveLength(1);
      // What a partial index is about is not asked of the rows, though SQLite does not call it covering.
      expect(plan[0], sql).toMatch(typeof by === 'object' ? /^SEARCH sorted USING COVERING INDEX/ : /^SEARCH image USING INDEX image_by_/); // prettier-ignore
    }
  closeProject(project);
});

test('a page by score asks the images alone that pass what their ids can tell', () => {
  const project = newProject();
  const { run, tags } = fillCollection(project, 3000, createRandom(9));
  const filter = { decision: { run, is: 'undecided' }, allTags: [tags[0]] } as const;
  const by = { run, score: 'similarity' };
  const [segment] = segmentsAfter({ by }, null);
  const { sql } = selectSql({ by }, segment, { others: conditionsOf(filter) }, { columns: 'image.id', limit: 5 });
  expect(sql.match(/EXISTS \(SELECT 1 FROM \w+ WHERE[^)]*sorted\.image_id/g), sql).toHaveLength(2);
  closeProject(project);
});

test('conditions and their candidates are answered from indexes', () => {
  const project = newProject();
  const collection = fillCollection(project, 200, createRandom(6));
  const random = createRandom(7);
  for (let count = 0; count < 100; count++) {
    for (const { sql, candidates } of conditionsOf(someFilter(collection, random))) {
      const statements = [`SELECT 1 FROM image WHERE id = 1 AND ${sql}`, ...(candidates ? [candidates.sql] : [])];
      for (const statement of statements) {
        const filled = statement.replaceAll('?', `'x'`);
        const steps = project.database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${filled}`).all();
        const plan = steps.map((step) => step.detail).join('; ');
        expect(plan, statement).not.toMatch(/SCAN (?!given|json_each|CONSTANT|image_search|annotation USING COVERING)/);
      }
    }
  }
  closeProject(project);
});

test('names sort as a person would', () => {
  const names = ['b.jpg', 'Img10.png', 'img2.png', 'img002b.png', 'IMG2a.png', '9.jpg', '10.jpg', 'a.jpg', 'img.png'];
  const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(naturalOrder(a)), Buffer.from(naturalOrder(b))));
  expect(sorted).toEqual(['9.jpg', '10.jpg', 'a.jpg', 'b.jpg', 'img.png', 'img2.png', 'IMG2a.png', 'img002b.png', 'Img10.png']); // prettier-ignore
});

test('a part of a collection is recorded without taking copies for files that have moved', () => {
  const project = newProject();
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => sampleImage(project, name, 'a'));
  const present = new Set([a.path, b.path]);
  const first = saveImages(project, [a], { present });
  const second = saveImages(project, [b], { present });
  expect(second).not.toEqual(first);
  expect(saveImages(project, [b, a], { present })).toEqual([...second, ...first]);
  const moved = sampleImage(project, 'c.jpg', 'a');
  expect(saveImages(project, [moved], { present: new Set([moved.path, b.path]) })).toEqual(first);
  expect(countImages(project, { text: 'c.j' })).toBe(1);
  expect(countImages(project, { text: 'a.j' })).toBe(0);
  closeProject(project);
});

test('groups come by id, each with the images that still stand in it', () => {
  const project = newProject();
  fillCollection(project, 2000, createRandom(8));
  const groups = pageGroups(project, 'duplicates', 0, 5);
  expect(groups).toHaveLength(5);
  for (const { id, images } of groups) expect(images).toEqual([id, id + 1]);
  expect(pageGroups(project, 'duplicates', groups[1].id, 3)).toEqual(groups.slice(2));
  expect(pageGroups(project, 'burst', 0, 5)).toEqual([]);
  closeProject(project);
});
