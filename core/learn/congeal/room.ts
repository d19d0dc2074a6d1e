import { openGradientExtractor } from '../../features/gradient-extractor.ts';
import type { FeatureExtractor } from '../../features/feature-maps.ts';
import type { WorkImage } from '../../features/work-image.ts';
import { createRandom } from '../../geometry/random.ts';
import type { LearnContext } from '../event.ts';
import type { Searcher } from './bank.ts';
import { createCorrelator } from './correlator.ts';
import { createDescriber, type Describer } from './describe.ts';
import type { CompleteOptions } from './options.ts';
import { pinView } from './pins.ts';
import { coarseStep, coreLimit, searchCells, searchChannels, searchReach } from './recipe.ts';
import { searchGrid } from './search.ts';
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
  viewOf(index: number): View;
  dispose(): Promise<void>;
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
  const { threads, optimise = true } = context;
  const runtime = { optimise, ...(threads !== undefined && { threads }) };
  const extractor = given ?? openGradientExtractor(runtime);
  const usable = images.map((_, n) => n).filter((n) => !blank[n]);
  const drawn = createRandom(context.seed).fork('core').shuffle(usable);
  const isPinned = (n: number): boolean => options.pins?.has(images[n].id) === true;
  const shuffled = [...drawn.filter(isPinned), ...drawn.filter((n) => !isPinned(n))];
  const limit = options.mirror ? Math.round(coreLimit * 0.7) : coreLimit;
  const coreIndices = shuffled.slice(0, limit);
  const otherIndices = shuffled.slice(limit).sort((a, b) => a - b);
  const viewOf = (index: number): View =>
    pinView(
      createView(images[index], extractor.inputChannels === 3, startWindow(images[index], options)),
      options.pins?.get(images[index].id),
    );
  const coreViews = yield* eachOf('prepare', coreIndices.length, 6, context.signal, (n) =>
    Promise.resolve(viewOf(coreIndices[n])),
  );
  const describer = await createDescriber(extractor, coreViews, context.signal, runtime);
  const { family } = options;
  const turns = family === 'translation' ? 0 : (options.rotation * Math.PI) / 180;
  const scales = family === 'translation' || family === 'rotation' ? 1 : undefined;
  const channels = Math.min(searchChannels, describer.projection.components);
  const shifts = { reach: searchReach, step: 1 };
  const correlator = await createCorrelator(shifts, channels, searchCells, runtime);
  const coarse = await createCorrelator({ ...shifts, step: coarseStep }, channels, searchCells, runtime);
  const grid = searchGrid(turns, options.mirror, scales);
  return {
    describer,
    searcher: { describer, correlator, coarse, grid, cells: searchCells, channels },
    coreIndices,
    otherIndices,
    coreViews,
    viewOf,
    dispose: async () => {
      await correlator.dispose();
      await coarse.dispose();
      if (given === undefined) await extractor.dispose();
    },
  };
}

function startWindow(image: WorkImage, options: CompleteOptions): StartWindow {
  const box = options.boxes?.get(image.id);
  if (box === undefined) return wholeImage(image);
  const side = Math.max(box.xmax - box.xmin, box.ymax - box.ymin, 1);
  return { centreX: (box.xmin + box.xmax) / 2, centreY: (box.ymin + box.ymax) / 2, radius: (side / 2) * boxMargin };
}
