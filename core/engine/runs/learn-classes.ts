import type { LearnSubjects } from '../../contract/recipes.ts';
import type { ProjectReader } from '../../store/database.ts';
import { listTags, tagsOfImages } from '../../store/tags.ts';
import type { Chosen } from './choose-images.ts';
import { chooseImages } from './choose-images.ts';

/** At most so many classes are named. */
const mostNamed = 200;

/** The classes that a classifier would be trained on. */
interface LearnClasses {
  readonly classes: { readonly name: string; readonly images: number }[];
  readonly total: number;
  readonly images: number;
  readonly smallest: number;
  readonly without: number;
}

/** The classes that a training would find among the images that were asked for, by name. **Throws** as `selectedImages`. */
export function learnClasses(reader: ProjectReader, body: LearnSubjects): LearnClasses {
  const chosen = chooseImages(reader, body, new Map(), 0);
  const labels = labelsOf(reader, body.classes, chosen);
  const counts = new Map<string, number>();
  for (const label of labels.values()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...counts].map(([name, images]) => ({ name, images }));
  return {
    classes: classes.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, mostNamed),
    total: counts.size,
    images: labels.size,
    smallest: counts.size === 0 ? 0 : Math.min(...counts.values()),
    without: chosen.images.length - labels.size,
  };
}

/** The class of each image that has one, by the image's name: its folder, or its only tag. */
export function labelsOf(
  reader: ProjectReader,
  classes: LearnSubjects['classes'],
  chosen: Chosen,
): ReadonlyMap<string, string> {
  return classes === 'folders' ? folderLabels(chosen) : tagLabels(reader, chosen);
}

/** The folder of each image right below the one that holds them all. */
function folderLabels({ images }: Chosen): ReadonlyMap<string, string> {
  return new Map(
    images.flatMap(([, name]): [string, string][] => {
      const end = name.indexOf('/');
      return end > 0 ? [[name, name.slice(0, end)]] : [];
    }),
  );
}

/** The tag of each image that has exactly one. */
function tagLabels(reader: ProjectReader, { images }: Chosen): ReadonlyMap<string, string> {
  const names = new Map(listTags(reader).map(({ id, name }) => [id, name]));
  const byImage = tagsOfImages(
    reader,
    images.map(([id]) => id),
  );
  return new Map(
    images.flatMap(([id, name]): [string, string][] => {
      const tags = byImage.get(id) ?? [];
      const only = tags.length === 1 ? names.get(tags[0]) : undefined;
      return only === undefined ? [] : [[name, only]];
    }),
  );
}
