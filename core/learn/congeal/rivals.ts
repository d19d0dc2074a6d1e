import type { Matrix3 } from '../../geometry/matrix.ts';
import type { Crew, Task } from '../crew/crew.ts';
import type { SearchTools } from './bank.ts';
import { describePoses, type Pose } from './describe.ts';
import { rescueFinalists, rescueHeats } from './recipe.ts';
import { safeStep, scoreFloor, workplaceOf, type RefineStage } from './refine.ts';
import { cellWeights, dotScore, meansOf, type Means } from './template.ts';
import { piecesOf, type Work } from './work.ts';

/** A pose of image `n` that competes with others of the same image. */
export interface Rival extends Pose {
  readonly n: number;
  readonly score: number;
  /** What its score is raised by when the poses of an image are compared: the one that it has must be beaten clearly. */
  readonly advantage: number;
}

/** All rivals of some images, and the maps that they are taken towards. */
interface SettleOrder {
  readonly rivals: readonly Pick<Rival, 'n' | keyof Pose>[];
  readonly stage: RefineStage;
  readonly means: Means;
}

/** Where a rival, known by its place in the order, ended. */
interface Settled {
  readonly place: number;
  readonly warp: Matrix3;
  readonly score: number;
}

/** Rivals that take a step together, or a few more. */
const settledTogether = 16;

/** Takes each rival some steps towards the maps of its image and scores where it ends; after a few only the best go on. */
export const settling: Task<Pick<SearchTools, 'describer'>, SettleOrder, Settled[]> = {
  name: 'settle',
  run: async ({ describer }, { rivals, stage, means }) => {
    const channels = describer.projection.components;
    const { lattice, memory } = workplaceOf(describer, rivals.length, stage);
    const length = channels * stage.cells * stage.cells;
    const own = new Float32Array(length);
    let maps: Float32Array = own;
    let weight: Float32Array = own;
    let prepared = -1;
    let current: Settled[] = rivals.map(({ warp }, place) => ({ place, warp, score: 0 }));
    for (let i = 0; i <= stage.iterations; i++) {
      const poses = current.map(({ place, warp }) => ({ ...rivals[place], warp }));
      const described = await describePoses(describer, poses, stage.cells, stage.zoom, memory);
      const next = poses.map(({ n, warp }, k): Settled => {
        if (n !== prepared) {
          maps = meansOf(means, n, own);
          weight = cellWeights(maps, channels, lattice.window, scoreFloor);
          prepared = n;
        }
        const score = dotScore(maps, weight, described.maps, k * length, channels);
        const moved = i < stage.iterations ? safeStep(lattice, maps, described, k, warp, stage.shrink) : warp;
        return { place: current[k].place, warp: moved, score };
      });
      current = i + 1 === rescueHeats ? finalists(rivals, next) : next;
    }
    return current;
  },
};

/** The best few rivals of each image. */
function finalists(rivals: SettleOrder['rivals'], settled: readonly Settled[]): Settled[] {
  return settled.filter((rival) => {
    const { n } = rivals[rival.place];
    const better = settled.filter((other) => rivals[other.place].n === n && other.score > rival.score);
    return better.length < rescueFinalists;
  });
}

/** Lets rivals settle, of which those of an image follow one another; the best few of each image remain, in their order. */
export async function* settleRivals(
  crew: Crew<SearchTools>,
  signal: AbortSignal | undefined,
  rivals: readonly Rival[],
  stage: RefineStage,
  means: Means,
  phase: string,
): Work<Rival[]> {
  const groups = groupsOf(rivals);
  const settled = yield* piecesOf(phase, crew, signal, settling, groups.length, (k) => {
    return { rivals: groups[k].map(({ n, view, warp, mirrored }) => ({ n, view, warp, mirrored })), stage, means };
  });
  return settled.flatMap((group, k) => group.map(({ place, ...end }) => ({ ...groups[k][place], ...end })));
}

/** Parts a list of rivals into groups that hold all of an image. */
function groupsOf(rivals: readonly Rival[]): Rival[][] {
  const groups: Rival[][] = [];
  rivals.forEach((rival, place) => {
    const last = groups.at(-1);
    const goesOn = last !== undefined && (last.length < settledTogether || rivals[place - 1].n === rival.n);
    if (goesOn) last.push(rival);
    else groups.push([rival]);
  });
  return groups;
}
