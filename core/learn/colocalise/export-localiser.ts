import { canvasNodes, greyNodes, ori4Nodes, ori4Stride } from '../../features/ori4.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { sqrt, clip } from '../../graph/ops/elementwise.ts';
import { gather, gatherElements } from '../../graph/ops/indexing.ts';
import { concat, reshape, unsqueeze } from '../../graph/ops/movement.ts';
import { argMax, reduceMean, reduceSum } from '../../graph/ops/reduce.ts';
import { gridSample } from '../../graph/ops/sample.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { parameterConstants } from '../../stn/layers.ts';
import { energyOf } from './correlate.ts';
import { frameNodes, type PlacedSquares } from './export-frame.ts';
import type { Localiser } from './localiser.ts';
import type { SharedPattern } from './pattern-search.ts';
import { hopeless, softness } from './scale-search.ts';
import type { PatternFrame } from './size-rule.ts';
import { thickPixels } from './thick-pixels.ts';
import { levelSides, type WorkMaps, workSide } from './work-maps.ts';

/** What the file says about itself besides its graph. */
export type LocaliserMetadata = Readonly<Record<string, string>>;

const conventions =
  'pixels: [N,3,H,W] RGB 0..1, all sizes. theta: [N,2,3], crop to image in unit coordinates, -1 and 1 are the outer edges ' +
  '(align_corners = false). box: xmin, ymin, xmax, ymax in pixels, (0,0) is the top-left corner. crop: [N,3,64,64]. ' +
  'score: likeness of the found window to the shared pattern, at most 1.';

/** The learned network as a model: pixels in, theta, crop, box and score out. */
export function exportNetwork(
  localiser: Localiser,
  parameters: Readonly<Record<string, Tensor>>,
  frame: PatternFrame,
  pattern: Pick<SharedPattern, 'prototype' | 'window'>,
  maps: WorkMaps,
  metadata: LocaliserMetadata,
): Uint8Array {
  const g = new GraphBuilder();
  const pixels = pixelsInput(g);
  const grey = greyNodes(g, thickPixels(g, pixels), workSide);
  const centred = sub(g, grey, reduceMean(g, grey, { axes: [1, 2, 3], keepDims: true }));
  const canvas = canvasNodes(g, centred, workSide, 0, 0);
  const place = localiser.place(g, canvas, parameterConstants(g, parameters));
  const x = gather(g, place, [0], 1);
  const y = gather(g, place, [1], 1);
  const level = maps.levels[levelSides.indexOf(workSide)];
  const centre = { x: pattern.window / 2, y: pattern.window / 2 };
  const squares: PlacedSquares = {
    x: add(g, x, (frame.x - centre.x) * ori4Stride),
    y: add(g, y, (frame.y - centre.y) * ori4Stride),
    half: add(g, mul(g, x, 0), frame.half * ori4Stride),
  };
  const cells = canvasNodes(g, centredMaps(g, grey, level.mean), level.cells, 0, 0);
  const score = likenessNodes(g, cells, place, pattern, level.cells);
  return finish(g, pixels, squares, score, metadata);
}

/** The search with its pattern as a model: what the search does to an image, for any image. */
export function exportPattern(
  pattern: SharedPattern,
  frame: PatternFrame,
  maps: WorkMaps,
  metadata: LocaliserMetadata,
): Uint8Array {
  const g = new GraphBuilder();
  const pixels = pixelsInput(g);
  const thick = thickPixels(g, pixels);
  const { window, rim, prototype } = pattern;
  const channels = maps.levels[0].channels;
  const kernel = g.constant(prototype, [1, channels, window, window]);
  const ones = g.constant(new Float32Array(prototype.length).fill(1), [1, channels, window, window]);
  const length = Math.sqrt(energyOf(prototype));
  const choices: Value[] = [];
  const likenesses: Value[] = [];
  const table: number[] = [];
  for (const level of maps.levels) {
    const penalty = pattern.prior * Math.log(level.scale) ** 2;
    if (pattern.scaled ? penalty > hopeless : level.side !== workSide) continue;
    const grey = greyNodes(g, thick, level.side);
    const cells = canvasNodes(g, centredMaps(g, grey, level.mean), level.cells, rim, rim);
    const places = level.cells + 2 * rim - window + 1;
    const products = reshape(g, conv(g, cells, kernel, null), [0, places * places]);
    const energies = reshape(g, conv(g, mul(g, cells, cells), ones, null), [0, places * places]);
    const lengths = add(g, sqrt(g, clip(g, energies, { min: 0 })), softness * length);
    const likeness = div(g, div(g, products, lengths), length + 1e-12);
    choices.push(pattern.scaled ? sub(g, likeness, penalty) : products);
    likenesses.push(likeness);
    const pixel = ori4Stride * level.scale;
    for (let place = 0; place < places * places; place++) {
      const left = (place % places) - rim;
      const top = Math.floor(place / places) - rim;
      table.push(pixel * (left + frame.x), pixel * (top + frame.y), pixel * frame.half);
    }
  }
  const best = argMax(g, concat(g, choices, 1), 1, false);
  const found = gather(g, g.constant(Float32Array.from(table), [table.length / 3, 3]), best, 0);
  const score = gatherElements(g, concat(g, likenesses, 1), unsqueeze(g, best, [1]), 1);
  const squares = { x: gather(g, found, [0], 1), y: gather(g, found, [1], 1), half: gather(g, found, [2], 1) };
  return finish(g, pixels, squares, reshape(g, score, [-1]), metadata);
}

function pixelsInput(g: GraphBuilder): Value {
  return g.input('pixels', [1, 3, workSide, workSide], 'float32', { 0: 'n', 2: 'height', 3: 'width' });
}

function centredMaps(g: Builder, grey: Value, mean: Float32Array): Value {
  return sub(g, ori4Nodes(g, grey), g.constant(mean, [1, mean.length, 1, 1]));
}

/** Likeness of the window around a place `[N, 2]` (work pixels) to the pattern. */
function likenessNodes(
  g: Builder,
  cells: Value,
  place: Value,
  { prototype, window }: Pick<SharedPattern, 'prototype' | 'window'>,
  count: number,
): Value {
  const offsets = new Float32Array(window * window * 2);
  for (let i = 0; i < window * window; i++) {
    offsets[2 * i] = (2 * ((i % window) + 0.5 - window / 2)) / count;
    offsets[2 * i + 1] = (2 * (Math.floor(i / window) + 0.5 - window / 2)) / count;
  }
  const units = sub(g, mul(g, place, 2 / workSide), 1);
  const grid = add(g, reshape(g, units, [0, 1, 1, 2]), g.constant(offsets, [1, window, window, 2]));
  const seen = gridSample(g, cells, grid);
  const length = Math.sqrt(energyOf(prototype));
  const channels = prototype.length / window ** 2;
  const product = reduceSum(g, mul(g, seen, g.constant(prototype, [1, channels, window, window])), { axes: [1, 2, 3] });
  const energy = reduceSum(g, mul(g, seen, seen), { axes: [1, 2, 3] });
  return div(g, div(g, product, add(g, sqrt(g, energy), softness * length)), length + 1e-12);
}

function finish(
  g: GraphBuilder,
  pixels: Value,
  squares: PlacedSquares,
  score: Value,
  metadata: LocaliserMetadata,
): Uint8Array {
  const { theta, box, crop } = frameNodes(g, pixels, squares);
  g.output('theta', theta, { 0: 'n' });
  g.output('crop', crop, { 0: 'n' });
  g.output('score', score, { 0: 'n' });
  g.output('box', box, { 0: 'n' });
  return encode(g.build(), { metadata: { kind: 'localiser', version: '1', conventions, ...metadata } });
}
