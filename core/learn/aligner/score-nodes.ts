import { mul } from '../../graph/ops/arithmetic.ts';
import { reshape } from '../../graph/ops/movement.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import type { WindowTemplate } from '../congeal/learned.ts';
import { scoreFloor } from '../congeal/refine.ts';
import { cellWeights, gaussianWindow } from '../congeal/template.ts';

/** Similarity to the template `[N]`: the dot score of joint alignment. */
export function scoreNodes(g: Builder, maps: Value, { template, stage }: WindowTemplate): Value {
  const { channels, cells } = template;
  const plane = cells * cells;
  const weight = cellWeights(template.maps, channels, gaussianWindow(cells, stage.sigma), scoreFloor);
  const norm = template.maps.reduce((sum, value, i) => sum + weight[i % plane] * value * value, 0);
  const factor = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  const kernel = template.maps.map((value, i) => value * weight[i % plane] * factor);
  const products = mul(g, maps, g.constant(kernel, [1, channels, cells, cells]));
  return reshape(g, reduceSum(g, products, { axes: [1, 2, 3], keepDims: true }), [0]);
}
