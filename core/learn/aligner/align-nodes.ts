import type { Matrix3 } from '../../geometry/matrix.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { cast, greater, less, not, where } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { reshape, slice } from '../../graph/ops/movement.ts';
import { resize } from '../../graph/ops/sample.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import type { LearnedTemplate, WindowTemplate } from '../congeal/learned.ts';
import { flip } from '../congeal/views.ts';
import { createDescribeNodes, type FeatureSource } from './feature-nodes.ts';
import { createRefiner, type DescribedNodes } from './refine-nodes.ts';
import { scoreNodes } from './score-nodes.ts';
import { saneNodes, searchToUnitNodes, viewNodes, workSide } from './view-nodes.ts';
import { voteWarps, type Voters } from './vote-warps.ts';

/** What finds the pose of an image: voters, then refinement towards a learned template. */
export interface AlignerCore extends Voters {
  readonly template: LearnedTemplate;
  readonly source: FeatureSource;
  /** Windows of the search frame through which the network looks first; of what they lead to, the best counts. */
  readonly firstWindows: readonly Matrix3[];
}

/** Lucas-Kanade steps, shared out among the template's stages. */
const iterations = 14;
/** Steps after which it is decided which way round an image is, where sets may be mirrored. */
const trial = 4;

/** Images seen one way round: search frame to unit coordinates, what was voted for, and where refinement is. */
interface Side {
  readonly base: Value;
  readonly voted: Value;
  readonly warps: Value;
}

/** From images to the matrices `[N, 3, 3]` that take the learning frame to unit coordinates, and their scores `[N]`. */
export function alignNodes(
  g: Builder,
  core: AlignerCore,
  pixels: Value,
  colours: Value,
): { readonly matrix: Value; readonly score: Value } {
  const { template, source, shape } = core;
  const small = colours.shape[2] > workSide ? resize(g, pixels, squareOf(workSide)) : colours;
  const views = viewNodes(g, pixels, source.encoder === undefined ? greyNodes(g, small) : small);
  const ones = onesNodes(g, pixels);
  const describe = createDescribeNodes(g, source, template.projection);
  const look = ({ base, warps }: Side, zoom: number, cells: number): DescribedNodes => {
    const window = g.constant([zoom, 0, 0, 0, zoom, 0, 0, 0, 1], [1, 3, 3]);
    return describe(views, matMul(g, matMul(g, base, warps), window), cells);
  };
  const score = (side: Side, window: WindowTemplate): Value =>
    scoreNodes(g, look(side, window.stage.zoom, window.stage.cells).maps, window);
  const stages = template.stages.filter(({ stage }) => stage.family !== 'projective');
  const refiners = stages.map((window) => createRefiner(g, window));
  const refine = (start: Side, from: number, to: number): Side => {
    let side = start;
    for (let i = from; i < to; i++) {
      const k = Math.floor((i * stages.length) / iterations);
      const { zoom, cells } = stages[k].stage;
      side = { ...side, warps: refiners[k](side.warps, look(side, zoom, cells)) };
    }
    return side;
  };
  const start = (base: Value, first: Matrix3): Side => {
    const seen = (warps: Value): Value => look({ base, voted: warps, warps }, 1, shape.cells).maps;
    const voted = voteWarps(g, core, template.family, mul(g, g.constant(first, [1, 3, 3]), ones), seen);
    return refine({ base, voted, warps: voted }, 0, trial);
  };
  const better = (one: Side, other: Side): Side => {
    const second = reshape(g, greater(g, score(other, stages[0]), score(one, stages[0])), [0, 1, 1]);
    const choose = (name: keyof Side): Value => where(g, second, other[name], one[name]);
    return { base: choose('base'), voted: choose('voted'), warps: choose('warps') };
  };
  const toUnit = mul(g, searchToUnitNodes(g, pixels), ones);
  const bases = template.mirror ? [toUnit, matMul(g, toUnit, g.constant(flip, [1, 3, 3]))] : [toUnit];
  let side = bases.flatMap((base) => core.firstWindows.map((first) => start(base, first))).reduce(better);
  side = refine(side, trial, iterations);
  side = { ...side, warps: where(g, saneNodes(g, side.warps), side.warps, side.voted) };
  return { matrix: matMul(g, side.base, side.warps), score: score(side, stages[stages.length - 1]) };
}

/**
 * Ones `[N, 1, 1]` for images `[N, C, H, W]`. Made from the images, not from their shape, because N then stays one symbol
 * through the whole model, and ONNX Runtime loads it ten times faster.
 */
function onesNodes(g: Builder, images: Value): Value {
  const corner = reshape(g, slice(g, images, { starts: [0, 0, 0], ends: [1, 1, 1], axes: [1, 2, 3] }), [0, 1, 1]);
  return cast(g, not(g, less(g, corner, corner)), 'float32');
}

function greyNodes(g: Builder, rgb: Value): Value {
  return conv(g, rgb, g.constant([0.299, 0.587, 0.114], [1, 3, 1, 1]), null);
}

function squareOf(side: number) {
  return { sizes: [side, side], axes: [2, 3], antialias: true };
}
