import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { sqrt } from '../../graph/ops/elementwise.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { concat, slice } from '../../graph/ops/movement.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import type { AlignFamily } from '../congeal/generators.ts';
import { agreeNodes } from './agree-nodes.ts';
import { voteNodes, type VoteNetShape } from './vote-net.ts';

/** A trained dense-vote network. */
export interface Voters {
  readonly shape: VoteNetShape;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** Scale of the canonical frame in the search frame, for families that cannot change it. */
  readonly scale: number;
}

/** Times that the network looks, each time through the window that it found before. */
const passes = 3;
/**
 * Lets the network look and vote a few times, each time through the window that its votes agreed on: warps `[N, 3, 3]`.
 *
 * `first` `[N, 3, 3]` is where it looks first; `maps` gives what is seen through warps, `[N, C, cells, cells]`.
 */
export function voteWarps(
  g: Builder,
  { shape, parameters, scale }: Voters,
  family: AlignFamily,
  first: Value,
  maps: (warps: Value) => Value,
): Value {
  const weights = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, g.constant(value)]));
  let warps = first;
  for (let pass = 0; pass < passes; pass++) {
    const read = slice(g, maps(warps), { starts: [0], ends: [shape.channels], axes: [1] });
    const found = matMul(g, warps, agreeNodes(g, voteNodes(g, read, weights, shape)));
    warps = inFamily(g, found, family, scale);
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
    const length = sqrt(g, add(g, add(g, mul(g, p, p), mul(g, q, q)), 1e-9));
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
