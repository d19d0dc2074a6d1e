import { openGradientExtractor } from '../../features/gradient-extractor.ts';
import type { FeatureExtractor } from '../../features/feature-maps.ts';
import { gradientLayout } from '../../features/oriented-gradients.ts';
import type { WorkImage } from '../../features/work-image.ts';
import { createRandom } from '../../geometry/random.ts';
import { inSharedMemory } from '../crew/shared.ts';
import type { LearnContext } from '../event.ts';
import type { Searcher } from './bank.ts';
import { createDescriber, type Describer } from './describe.ts';
import type { CompleteOptions } from './options.ts';
import { pinView } from './pins.ts';
import { coreLimit } from './recipe.ts';
import { openSearchTools, type Reach } from './search-tools.ts';
import { startAlignThreads } from './align-threads.ts';
import { eachOf, type Work } from './work.ts';
import { createView, wholeImage, type StartWindow, type View } from './views.ts';

/** What one run of joint alignment works with, from its first step to its last. */
export interface Room {
  readonly searcher: Searcher;
  readonly describer: Describer;
  /** Places in the list of images: those that learn together, and the other usable ones. */
  readonly coreIndices: readonly number[];
  readonly otherIndices: readonly number[];
  readonly coreViews: readonly View[];
  readonly viewOf: (index: number) => View;
  readonly dispose: () => Promise<void>;
}

/** How much larger than a given box the start window is. */
const boxMargin = 1.5;

/** Opens the room: chooses who learns together, fits the projection, prepares the search. */
export async function* openRoom(
  images: readonly WorkImage[],
  blank: readonly boolean[],
  options: CompleteOptions,
  given: FeatureExtractor | undefined,
  context: LearnContext,
): Work<Room> {
  const usable = images.map((_, n) => n).filter((n) => !blank[n]);
  const drawn = createRandom(context.seed).fork('core').shuffle(usable);
  const isPinned = (n: number): boolean => options.pins?.has(images[n].id) === true;
  const shuffled = [...drawn.filter(isPinned), ...drawn.filter((n) => !isPinned(n))];
  const limit = options.mirror ? Math.round(coreLimit * 0.7) : coreLimit;
  const coreIndices = shuffled.slice(0, limit);
  const otherIndices = shuffled.slice(limit).sort((a, b) => a - b);
  const viewOf = (index: number): View =>
    pinView(
      createView(images[index], given?.inputChannels === 3, startWindow(images[index], options)),
      options.pins?.get(images[index].id),
    );
  const { signal, threads, optimise = true } = context;
  const crew = startAlignThreads(usable.length, given?.name ?? gradientLayout.name, threads);
  /* Results must not depend on how many work: each computes as one thread would. */
  const runtime = { optimise, ...(crew === null ? threads !== undefined && { threads } : { threads: 1 }) };
  const extractor = crew === null && given !== undefined ? given : openGradientExtractor(runtime);
  const closing = [
    ...(crew === null ? [] : [crew.dispose]),
    ...(extractor === given ? [] : [() => extractor.dispose()]),
  ];
  const dispose = async (): Promise<void> => {
    for (const close of closing) await close();
  };
  let opened = false;
  try {
    const views = yield* eachOf('prepare', coreIndices.length, 6, signal, (n) =>
      Promise.resolve(viewOf(coreIndices[n])),
    );
    const coreViews = crew === null ? views : inSharedMemory(views);
    const fitted = await createDescriber(extractor, coreViews, signal, runtime);
    const describer = crew === null ? fitted : { ...fitted, crew };
    const reach = reachOf(options);
    crew?.equip({ projection: fitted.projection, reach, runtime });
    const search = await openSearchTools(describer, reach, runtime);
    closing.push(search.dispose);
    const searcher = crew === null ? search.tools : { ...search.tools, crew };
    opened = true;
    return { describer, searcher, coreIndices, otherIndices, coreViews, viewOf, dispose };
  } finally {
    if (!opened) await dispose();
  }
}

function reachOf({ family, rotation, mirror }: CompleteOptions): Reach {
  const turns = family === 'translation' ? 0 : (rotation * Math.PI) / 180;
  return { turns, mirror, scales: family === 'translation' || family === 'rotation' ? 1 : undefined };
}

function startWindow(image: WorkImage, options: CompleteOptions): StartWindow {
  const box = options.boxes?.get(image.id);
  if (box === undefined) return wholeImage(image);
  const side = Math.max(box.xmax - box.xmin, box.ymax - box.ymin, 1);
  return { centreX: (box.xmin + box.xmax) / 2, centreY: (box.ymin + box.ymax) / 2, radius: (side / 2) * boxMargin };
}
