import type { Graph } from '../value.ts';
import { commonSubexpressions } from './common-subexpressions.ts';
import { constantFolding } from './constant-folding.ts';
import { cutChains } from './cut-chains.ts';
import { expansions } from './expansions.ts';
import { noOps } from './no-ops.ts';
import type { Pass } from './pass.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { reshapeChains } from './reshape-chains.ts';
import { rewrite } from './rewrite.ts';
import { scalarChains } from './scalar-chains.ts';
import { transposeChains } from './transpose-chains.ts';

/** All passes in the order in which they look at a node: what removes it, what merges it, what finds it again. */
const allPasses: readonly Pass[] = [
  constantFolding,
  noOps,
  reshapeChains,
  transposeChains,
  cutChains,
  reductions,
  expansions,
  scalarChains,
  products,
  commonSubexpressions,
];

/** Walks that are made at most; the second or third finds nothing more. */
const mostWalks = 4;

/**
 * A graph that computes the same with fewer nodes: results differ by rounding only. Inputs and outputs keep their names,
 * types and open axes.
 */
export function simplify(graph: Graph, passes: readonly Pass[] = allPasses): Graph {
  let result = rewrite(graph, passes);
  for (let walk = 1, before = graph; walk < mostWalks && result.nodes.length < before.nodes.length; walk++) {
    before = result;
    result = rewrite(result, passes);
  }
  return result;
}
