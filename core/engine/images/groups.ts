import { setImmediate as breathe } from 'node:timers/promises';
import type { Workers } from '../../compute/supervisor/workers.ts';
import type { ComparedImage } from '../../compute/group-images.ts';
import type { Project, ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import { membersOfGroup, pageGroups, saveGroups, type GroupKind } from '../../store/image-groups.ts';
import { pageLikenesses, sameFilesAmong } from '../../store/image-relations.ts';
import type { StoredImage } from '../../store/images.ts';
import { listSettings } from '../../store/settings.ts';

/** Why the images of a group stand together. */
export type DoorGroupKind = 'duplicate' | 'near-duplicate' | 'burst';

/** A group as doors show it. */
export interface DoorGroup {
  readonly id: string;
  readonly kind: DoorGroupKind;
  /** The one to keep first. */
  readonly images: readonly string[];
  readonly kept: string | null;
  readonly place: GroupPlace;
}

/** Where a group stands among all: its kind, the first image of those that look the same, and that of those within. */
export type GroupPlace = readonly [kind: number, first: number, within: number];

/** Whether one place comes after another. */
export function isAfter(place: GroupPlace, other: GroupPlace): boolean {
  const differing = place.findIndex((value, n) => value !== other[n]);
  return differing >= 0 && place[differing] > other[differing];
}

/** What a person has said of a group, kept among the project's settings under its key. */
interface GroupSaying {
  readonly kept?: number;
  readonly dissolved?: boolean;
}

/**
 * Groups are named by their kind and their first image. Copies of one file have the same name whether they stand alone or
 * within a group of the same picture, so that what was said of them stays.
 */
function groupId(kind: GroupKind | 'files', first: number): string {
  return `${{ burst: 'b', duplicates: 'd', files: 'f' }[kind]}${first}`;
}

/** The groups that an image stands in, without those that a person has dissolved. **Throws** as `reading`. */
export function groupIds(
  project: ProjectReader,
  { id, duplicateGroup, burstGroup }: Pick<StoredImage, 'id' | 'duplicateGroup' | 'burstGroup'>,
): readonly string[] {
  const sayings = listSettings(project);
  const named = ([kind, first]: readonly [GroupKind, number | null]): readonly FoundGroup[] => {
    const images = first === null ? [] : membersOfGroup(project, kind, first as ImageId);
    return first === null || images.length < 2 ? [] : [...groupsWithin(project, kind, first, images)];
  };
  return [['duplicates', duplicateGroup] as const, ['burst', burstGroup] as const]
    .flatMap(named)
    .filter((group) => group.images.includes(id) && sayingOf(sayings, group).dissolved !== true)
    .map((group) => group.id);
}

/** The key under which it is kept what a person said of a group. */
export function groupKey(id: string): string {
  return `group:${id}`;
}

const pageLength = 200;
const likenessesAtOnce = 2000;

interface FoundGroup {
  readonly id: string;
  readonly kind: DoorGroupKind;
  readonly images: readonly ImageId[];
  readonly place: GroupPlace;
}

/** All groups that stand, duplicates first; those that a person has dissolved are left out. **Throws** as `reading`. */
export function listGroups(project: ProjectReader): readonly DoorGroup[] {
  const sayings = listSettings(project);
  return [...foundGroups(project, 'duplicates'), ...foundGroups(project, 'burst')].flatMap((group) => {
    const { id, kind, images, place } = group;
    const { kept, dissolved } = sayingOf(sayings, group);
    if (dissolved === true) return [];
    const chosen = images.find((image) => image === kept);
    const ordered = chosen === undefined ? images : [chosen, ...images.filter((image) => image !== chosen)];
    return [{ id, kind, images: ordered.map(String), kept: chosen === undefined ? null : String(chosen), place }];
  });
}

function sayingOf(sayings: ReadonlyMap<string, unknown>, { id }: FoundGroup): GroupSaying {
  return sayings.get(groupKey(id)) ?? {};
}

function* foundGroups(project: ProjectReader, kind: GroupKind): Generator<FoundGroup> {
  for (let after = 0; ;) {
    const page = pageGroups(project, kind, after, pageLength);
    for (const { id, images } of page) yield* groupsWithin(project, kind, id, images);
    if (page.length < pageLength) return;
    after = page[page.length - 1].id;
  }
}

/* Copies of one file that stand among pictures that only look the same are a group of their own within that. */
function* groupsWithin(
  project: ProjectReader,
  kind: GroupKind,
  first: number,
  images: readonly ImageId[],
): Generator<FoundGroup> {
  const id = groupId(kind, first);
  if (kind === 'burst') {
    yield { id, kind, images, place: [1, first, 0] };
    return;
  }
  const same = sameFilesAmong(project, images);
  if (same.length !== 1 || same[0].length < images.length)
    yield { id, kind: 'near-duplicate', images, place: [0, first, 0] };
  for (const copies of same)
    yield { id: groupId('files', copies[0]), kind: 'duplicate', images: copies, place: [0, first, copies[0]] };
}

/** What is to be looked for. */
export interface GroupsAsked {
  readonly kinds: readonly DoorGroupKind[];
  readonly distance: number;
  readonly seconds: number;
}

/**
 * Looks for groups anew, in a worker; groups of which a member was chosen keep that choice, dissolved ones stay so.
 * Gives how many there are. **Throws** as `Workers.call` and `writing`.
 */
export async function findGroups(
  project: Project,
  workers: Workers,
  { kinds, distance, seconds }: GroupsAsked,
  signal: AbortSignal,
): Promise<number> {
  const near = kinds.includes('near-duplicate');
  const images = await comparedImages(project, signal);
  const options = { signal, priority: 'interactive', threads: 1 } as const;
  const { duplicates, bursts } = await workers.call('group images', { images, near, distance, seconds }, options);
  if (near || kinds.includes('duplicate')) saveGroups(project, 'duplicates', duplicates as ImageId[][]);
  if (kinds.includes('burst')) saveGroups(project, 'burst', bursts as ImageId[][]);
  return listGroups(project).filter(({ kind }) => kinds.includes(kind)).length;
}

async function comparedImages(project: ProjectReader, signal: AbortSignal): Promise<readonly ComparedImage[]> {
  const images: ComparedImage[] = [];
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const page = pageLikenesses(project, after, likenessesAtOnce);
    for (const image of page) images.push(image);
    if (page.length < likenessesAtOnce) return images;
    after = page[page.length - 1].id;
    await breathe();
  }
}
