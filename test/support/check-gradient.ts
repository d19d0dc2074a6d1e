import { createRandom } from '../../core/geometry/random.ts';
import { backward } from '../../core/graph/backward.ts';
import { GraphBuilder } from '../../core/graph/builder.ts';
import { mul } from '../../core/graph/ops/arithmetic.ts';
import { reduceSum } from '../../core/graph/ops/reduce.ts';
import { rewrite } from '../../core/graph/passes/rewrite.ts';
import type { Graph, Value } from '../../core/graph/value.ts';
import { interpret } from './interpreter.ts';
import type { Numbers } from './interpreter-arrays.ts';

/** Slopes of a function along random directions: as its gradient says and as finite differences say. */
export interface Slopes {
  readonly analytic: number;
  readonly numeric: number;
}

/** A graph of loss = sum(output * fixed random numbers) with the outputs `loss` and `gradient of X` per wanted input. */
export function gradientGraph(build: (g: GraphBuilder) => Value, wanted: readonly string[], seed = 1): Graph {
  const random = createRandom(seed);
  const g = new GraphBuilder();
  const output = build(g);
  const weights = Float32Array.from({ length: output.shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  const loss = reduceSum(g, mul(g, output, g.constant(weights, output.shape, output.dtype)));
  const inputs = g.build().inputs.filter(({ name }) => wanted.includes(name));
  const gradients = backward(
    g,
    loss,
    inputs.map(({ value }) => value),
  );
  g.output('loss', loss);
  gradients.forEach((gradient, i) => g.output(`gradient of ${inputs[i].name}`, gradient));
  return g.build();
}

/**
 * Compares, in float64, the gradient of sum(output * fixed random numbers) toward `wanted` inputs with central
 * differences along random directions in the space of all wanted inputs.
 */
export function checkGradient(
  build: (g: GraphBuilder) => Value,
  feeds: Readonly<Record<string, Numbers>>,
  wanted: readonly string[],
  { directions = 3, step = 1e-5, seed = 1 } = {},
): Slopes[] {
  const graph = gradientGraph(build, wanted, seed);
  const inputs = graph.inputs.filter(({ name }) => wanted.includes(name));
  const forward = rewrite({ ...graph, outputs: graph.outputs.filter(({ name }) => name === 'loss') }, []);
  const random = createRandom(seed + 1);
  const results = interpret(graph, feeds);
  const lossAt = (directionsOf: Map<string, Float64Array>, amount: number): number => {
    const moved = Object.entries(feeds).map(([name, { shape, data }]): [string, Numbers] => {
      const direction = directionsOf.get(name);
      return [name, { shape, data: direction ? data.map((value, i) => value + amount * direction[i]) : data }];
    });
    return interpret(forward, Object.fromEntries(moved))['loss'].data[0];
  };
  return Array.from({ length: directions }, () => {
    const along = new Map(inputs.map(({ name }) => [name, feeds[name].data.map(() => random.normal())]));
    let analytic = 0;
    for (const [name, direction] of along) {
      results[`gradient of ${name}`].data.forEach((value, i) => (analytic += value * direction[i]));
    }
    return { analytic, numeric: (lossAt(along, step) - lossAt(along, -step)) / (2 * step) };
  });
}
