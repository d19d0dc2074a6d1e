import { dirname, join } from 'node:path';
import type { Random } from '../../core/geometry/random.ts';
import { addAnnotation } from '../../core/store/annotations.ts';
import { decideImages } from '../../core/store/corrections.ts';
import type { Project } from '../../core/store/database.ts';
import { recordEdit } from '../../core/store/edits.ts';
import type { ImageId, RunId, TagId } from '../../core/store/ids.ts';
import type { ImageFilter } from '../../core/store/image-filter.ts';
import { saveGroups } from '../../core/store/image-groups.ts';
import { removeImages } from '../../core/store/image-membership.ts';
import type { ImageSort } from '../../core/store/image-sort.ts';
import { saveImages, type NewImage } from '../../core/store/images.ts';
import { saveScores } from '../../core/store/scores.ts';
import { addTag, tagImages } from '../../core/store/tags.ts';
import { saveTransforms } from '../../core/store/transforms.ts';
import { sampleRun } from './project-samples.ts';

/** A generated collection: what can be filtered and sorted by. */
export interface Collection {
  readonly images: readonly ImageId[];
  readonly run: RunId;
  readonly tags: readonly TagId[];
}

const words = ['beetle', 'wing', 'Käfer', 'scan', 'IMG', 'DSC', 'plate', 'ångström', 'left', 'right'];
/** What share of the images carries each tag. */
const tagShares = [0.5, 0.1, 0.02, 0.001];

/** Fills a project with image rows (no files) that have names, sizes, times, tags, scores, decisions, annotations, groups. */
export function fillCollection(project: Project, count: number, random: Random): Collection {
  const folder = dirname(project.path);
  const some = (share: number, of: readonly ImageId[]): readonly ImageId[] => of.filter(() => random.uniform() < share);
  const images = saveImages(
    project,
    Array.from({ length: count }, (_, index) => generatedImage(folder, index, random)),
  );
  const run = sampleRun(project);
  const scored = some(0.9, images);
  saveScores(
    project,
    run,
    scored.map((image) => ({ image, name: 'similarity', value: Math.round(random.normal() * 1000) / 1000 })),
  );
  saveTransforms(
    project,
    run,
    scored.map((image) => ({
      image,
      family: 'similarity',
      canonicalToImage: null,
      mirrored: false,
      status: random.uniform() < 0.9 ? 'aligned' : 'unlike',
      box: null,
    })),
  );
  const tags = recordEdit(project, 'fill', (editing) => {
    const made = tagShares.map((share, index) => {
      const tag = addTag(editing, `tag ${index}`);
      tagImages(editing, tag, some(share, images));
      return tag;
    });
    decideImages(editing, run, some(0.2, images), 'accepted', 1);
    decideImages(editing, run, some(0.05, images), 'rejected', 1);
    removeImages(editing, some(0.01, images), 1);
    for (const image of some(0.03, images)) {
      const facts = { label: null, landmark: null, origin: 'drawn', source: null, changedAt: 1 } as const;
      addAnnotation(editing, { ...facts, on: { image }, shape: { kind: 'point', x: 1, y: 1 } });
    }
    return made;
  });
  const pairs = some(0.02, images.slice(0, -1)).filter((image) => image % 2 === 1);
  saveGroups(
    project,
    'duplicates',
    pairs.map((image) => [image, (image + 1) as ImageId]),
  );
  return { images, run, tags };
}

function generatedImage(folder: string, index: number, random: Random): NewImage {
  const name = `${random.pick(words)}_${random.integer(5000)}${random.pick(words)}-${index}.jpg`;
  const facts = {
    path: join(folder, `part ${index % 50}`, name),
    bytes: 1000 + random.integer(4000),
    addedAt: 1_700_000_000_000 + Math.floor(index / 500),
    modifiedAt: null,
  };
  if (random.uniform() < 0.01)
    return { ...facts, status: 'failed', sha256: null, failureCode: 'truncated', failureReason: 'ends early' };
  const [width, height] = random.pick([
    [4000, 3000],
    [3000, 4000],
    [1024, 768],
    [640, 480],
  ]);
  const sha256 = index.toString(16).padStart(64, '0');
  const takenAt = random.uniform() < 0.3 ? null : 1_600_000_000_000 + random.integer(1_000_000);
  const stored = { storedWidth: width, storedHeight: height, orientation: 1, width, height, format: 'jpeg' };
  return { ...facts, ...stored, status: 'ready', sha256, takenAt };
}

/** A filter that a person might choose, of no to three parts. */
export function someFilter({ run, tags, images }: Collection, random: Random): ImageFilter {
  const parts: readonly (() => ImageFilter)[] = [
    () => ({ status: random.pick(['ready', 'failed']) }),
    () => ({ anyTag: tags.filter(() => random.uniform() < 0.5) }),
    () => ({ allTags: [random.pick(tags), random.pick(tags)] }),
    () => ({ text: random.pick(['beetle', 'ÄFER', 'img', 'DSC_1', '77', '"', '%', 'nowhere', 'ång', `-${random.integer(images.length)}.`]) }), // prettier-ignore
    () => ({ decision: { run, is: random.pick(['accepted', 'rejected', 'undecided']) } }),
    () => ({ outcome: { run, is: random.pick(['aligned', 'unlike']) } }),
    () => ({ score: { run, name: 'similarity', min: random.normal() } }),
    () => ({ score: { run, name: 'similarity', max: random.normal() - 1 } }),
    () => ({ annotated: random.uniform() < 0.5 }),
    () => ({ grouped: 'duplicates' }),
    () => ({ group: { kind: 'duplicates', id: random.pick(images) } }),
    () => ({ sameFile: random.pick(images) }),
  ];
  const count = random.integer(4);
  return Array.from({ length: count }, () => random.pick(parts)()).reduce((all, one) => ({ ...all, ...one }), {});
}

/** An order that a person might choose. */
export function someSort({ run }: Collection, random: Random): ImageSort {
  const names = [
    'name',
    'path',
    'added',
    'bytes',
    'pixels',
    'status',
    'taken',
    { run, score: 'similarity' },
    { run, outcome: true },
  ] as const;
  return { by: random.pick(names), descending: random.uniform() < 0.5 };
}
