import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast, greater } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { concat, constantOfShape, reshape, shapeOf, slice } from '../../graph/ops/movement.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import { resize } from '../../graph/ops/sample.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import type { AlignFamily } from '../congeal/generators.ts';
import type { LearnedTemplate, WindowTemplate } from '../congeal/learned.ts';
import { cellWeights, gaussianWindow } from '../congeal/template.ts';
import { flip } from '../congeal/views.ts';
import { agreeNodes } from './agree-nodes.ts';
import { createDescribeNodes, type FeatureSource } from './feature-nodes.ts';
import { canonicalToLearning } from './lessons.ts';
import { createRefiner } from './refine-nodes.ts';
import { sharedConstants } from './shared-constants.ts';
import { renderNodes, saneNodes, searchToUnitNodes, viewNodes, workSide } from './view-nodes.ts';
import { voteNodes, type VoteNetShape } from './vote-net.ts';

/** Everything that the exported network is made of. */
export interface AlignerParts {
  readonly template: LearnedTemplate;
  readonly source: FeatureSource;
  readonly shape: VoteNetShape;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** Scale of the canonical frame in the search frame, for families that cannot change it. */
  readonly scale: number;
  /** Side of the crops in pixels. */
  readonly size: number;
  /** Further entries of the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Times that the network looks, each time through the window that it found before. */
const passes = 3;
/** Lucas-Kanade steps, shared out among the template's stages. */
const iterations = 14;

/**
 * Writes the learned transformer as one ONNX model that needs nothing else.
 *
 * `pixels` `[N, 3, H, W]` (RGB, 0..1, any size) to `theta` `[N, 2, 3]`, the crop `[N, 3, S, S]` and the score `[N]`.
 * **Convention**: theta takes the canonical frame to unit coordinates of the input, align_corners = false.
 */
export function exportAligner(parts: AlignerParts): Uint8Array<ArrayBuffer> {
  const { template, size } = parts;
  const graph = new GraphBuilder();
  const g = sharedConstants(graph);
  const pixels = graph.input('pixels', [1, 3, 256, 320], 'float32', { 0: 'n', 2: 'height', 3: 'width' });
  const side = Math.max(workSide, 2 * size);
  const colours = resize(g, pixels, { sizes: [side, side], axes: [2, 3], antialias: true });
  const { matrix, score } = alignNodes(g, parts, pixels, colours);
  const canonical = matMul(g, matrix, g.constant(canonicalToLearning(template), [1, 3, 3]));
  graph.output('theta', slice(g, canonical, { starts: [0], ends: [2], axes: [1] }), { 0: 'n' });
  graph.output('crop', renderNodes(g, viewNodes(g, pixels, colours), canonical, size), { 0: 'n' });
  graph.output('score', score, { 0: 'n' });
  return encode(graph.build(), { metadata: describeModel(parts) });
}

/** From images to the matrices `[N, 3, 3]` that take the learning frame to unit coordinates, and their scores `[N]`. */
function alignNodes(
  g: Builder,
  parts: AlignerParts,
  pixels: Value,
  colours: Value,
): { readonly matrix: Value; readonly score: Value } {
  const { template, source } = parts;
  const sides = template.mirror ? 2 : 1;
  const small = colours.shape[2] > workSide ? resize(g, pixels, squareOf(workSide)) : colours;
  const seen = source.encoder === undefined ? greyNodes(g, small) : small;
  const views = viewNodes(g, pixels, sides === 2 ? concat(g, [seen, seen], 0) : seen);
  const each = g.node(
    'Concat',
    [slice(g, shapeOf(g, pixels), { starts: [0], ends: [1] }), g.constant([1, 1], [2], 'int64')],
    { axis: 0 },
  );
  const ones = constantOfShape(g, each, 1);
  const toUnit = mul(g, searchToUnitNodes(g, pixels), ones);
  const base = sides === 2 ? concat(g, [toUnit, matMul(g, toUnit, g.constant(flip, [1, 3, 3]))], 0) : toUnit;
  const describe = createDescribeNodes(g, source, template.projection);
  const through = (warps: Value, zoom: number): Value =>
    matMul(g, matMul(g, base, warps), g.constant([zoom, 0, 0, 0, zoom, 0, 0, 0, 1], [1, 3, 3]));
  const look = (warps: Value, { stage }: WindowTemplate) => describe(views, through(warps, stage.zoom), stage.cells);

  const voted = voteWarps(
    g,
    parts,
    sides === 2 ? concat(g, [ones, ones], 0) : ones,
    (warps) => describe(views, through(warps, 1), parts.shape.cells).maps,
  );
  const stages = template.stages.filter(({ stage }) => stage.family !== 'projective');
  let warps = voted;
  stages.forEach((window, k) => {
    const refine = createRefiner(g, window);
    const count = Math.floor((iterations * (k + 1)) / stages.length) - Math.floor((iterations * k) / stages.length);
    for (let i = 0; i < count; i++) warps = refine(warps, look(warps, window));
  });
  const sane = saneNodes(g, warps);
  warps = add(g, mul(g, warps, sane), mul(g, voted, sub(g, 1, sane)));
  const last = stages[stages.length - 1];
  const score = scoreNodes(g, look(warps, last).maps, last);
  const matrix = matMul(g, base, warps);
  return sides === 2 ? betterOfBoth(g, matrix, score) : { matrix, score };
}

/** Lets the network look and vote `passes` times, each time through the window that its votes agreed on. */
function voteWarps(g: Builder, parts: AlignerParts, ones: Value, maps: (warps: Value) => Value): Value {
  const { shape, parameters, template, scale } = parts;
  const weights = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, g.constant(value)]));
  let warps = mul(g, g.constant([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 3, 3]), ones);
  for (let pass = 0; pass < passes; pass++) {
    const read = slice(g, maps(warps), { starts: [0], ends: [shape.channels], axes: [1] });
    const found = matMul(g, warps, agreeNodes(g, voteNodes(g, read, weights, shape)));
    warps = inFamily(g, found, template.family, scale);
  }
  return warps;
}

/** The nearest similarity for all families, turned back or brought to the given scale where the family demands it. */
function inFamily(g: Builder, warps: Value, family: AlignFamily, scale: number): Value {
  const entry = (row: number, column: number): Value =>
    slice(g, warps, { starts: [row, column], ends: [row + 1, column + 1], axes: [1, 2] });
  const zero = mul(g, entry(0, 0), 0);
  const one = add(g, zero, 1);
  let p = mul(g, add(g, entry(0, 0), entry(1, 1)), 0.5);
  let q = mul(g, sub(g, entry(1, 0), entry(0, 1)), 0.5);
  if (family === 'rotation') {
    const length = g.node('Sqrt', [add(g, add(g, mul(g, p, p), mul(g, q, q)), 1e-9)]);
    [p, q] = [p, q].map((part) => mul(g, div(g, part, length), scale));
  }
  if (family === 'translation') [p, q] = [add(g, zero, scale), zero];
  const rows = [
    [p, mul(g, q, -1), entry(0, 2)],
    [q, p, entry(1, 2)],
    [zero, zero, one],
  ];
  return concat(
    g,
    rows.map((row) => concat(g, row, 2)),
    1,
  );
}

/** Similarity to the template `[N]`: the dot score of joint alignment. */
function scoreNodes(g: Builder, maps: Value, { template, stage }: WindowTemplate): Value {
  const { channels, cells } = template;
  const plane = cells * cells;
  const weight = cellWeights(template.maps, channels, gaussianWindow(cells, stage.sigma), 0.2);
  const norm = template.maps.reduce((sum, value, i) => sum + weight[i % plane] * value * value, 0);
  const factor = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  const kernel = template.maps.map((value, i) => value * weight[i % plane] * factor);
  const products = mul(g, maps, g.constant(kernel, [1, channels, cells, cells]));
  return reshape(g, reduceSum(g, products, { axes: [1, 2, 3], keepDims: true }), [-1]);
}

/** Of the plain and the mirrored half of a doubled batch, image by image, the one with the better score. */
function betterOfBoth(g: Builder, matrix: Value, score: Value): { readonly matrix: Value; readonly score: Value } {
  const halves = (x: Value, shape: readonly number[]): [Value, Value] => {
    const both = reshape(g, x, [2, ...shape]);
    const half = (k: number): Value =>
      reshape(g, slice(g, both, { starts: [k], ends: [k + 1], axes: [0] }), [...shape]);
    return [half(0), half(1)];
  };
  const [plain, mirrored] = halves(score, [-1, 1, 1]);
  const [straight, turned] = halves(matrix, [-1, 3, 3]);
  const better = cast(g, greater(g, mirrored, plain), 'float32');
  const choose = (a: Value, b: Value): Value => add(g, mul(g, a, sub(g, 1, better)), mul(g, b, better));
  return { matrix: choose(straight, turned), score: reshape(g, choose(plain, mirrored), [-1]) };
}

function greyNodes(g: Builder, rgb: Value): Value {
  return conv(g, rgb, g.constant([0.299, 0.587, 0.114], [1, 3, 1, 1]), null);
}

function squareOf(side: number) {
  return { sizes: [side, side], axes: [2, 3], antialias: true };
}

function describeModel({ template, size, metadata }: AlignerParts): Record<string, string> {
  return {
    kind: 'aligner',
    version: '1',
    family: template.family === 'projective' ? 'affine' : template.family,
    features: template.extractor,
    mirror: String(template.mirror),
    work_side: String(workSide),
    crop_side: String(size),
    conventions:
      'pixels: RGB, values 0 to 1, any size. theta: maps the canonical crop ([-1, 1] x [-1, 1], x right, y down, edges of the ' +
      'crop at -1 and 1) to the input image in the same units (align_corners = false); a negative determinant means ' +
      'mirrored. crop: the image seen through theta. score: similarity to the learned mean, higher is better.',
    ...metadata,
  };
}
