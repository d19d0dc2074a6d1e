import { backward } from '../../graph/backward.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { clipByNorm } from '../../graph/gradient-clipping.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { crossEntropy } from '../../graph/ops/loss.ts';
import { softmax } from '../../graph/ops/reduce.ts';
import { adamW } from '../../graph/optimisers.ts';
import type { Graph } from '../../graph/value.ts';
import { parameterInputs } from '../../stn/layers.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';

/** Gradients longer than this are shortened: one wild crop must not throw the localisation network away. */
const longestGradient = 5;

/**
 * The training step of a classifier: inputs `images` `[batch, C, H, W]`, `labels` `[batch, classes]` (one-hot), `rate`,
 * `step` and the parameters with their moments; outputs `loss` and all of those anew.
 */
export function trainingGraph(
  network: CompiledNetwork,
  { batch, weightDecay }: { readonly batch: number; readonly weightDecay: number },
): Graph {
  const g = new GraphBuilder();
  const images = g.input('images', [batch, ...network.input]);
  const labels = g.input('labels', [batch, network.classes]);
  const [learningRate, step] = [g.input('rate', []), g.input('step', [])];
  const parameters = parameterInputs(g, network.initial);
  const { scores } = network.apply(g, images, parameters, step);
  const loss = crossEntropy(g, scores, labels);
  const clipped = clipByNorm(g, backward(g, loss, Object.values(parameters)), longestGradient);
  const stillBiases = Object.keys(parameters).filter((name) => name.endsWith('.bias'));
  adamW(g, parameters, clipped.gradients, {
    learningRate,
    step,
    weightDecay,
    groups: groupsWithoutDecay(network, stillBiases),
  });
  g.output('loss', loss);
  return g.build();
}

/** Biases do not decay, nor do localisation networks: their weights of 0 would pull to a plain crop. */
function groupsWithoutDecay({ groups }: CompiledNetwork, biases: readonly string[]) {
  const rateOf = (name: string) =>
    Object.entries(groups).find(([group]) => name.startsWith(`${group}.`))?.[1].rate ?? 1;
  return {
    ...Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, { ...group, weightDecay: 0 }])),
    ...Object.fromEntries(biases.map((name) => [name, { rate: rateOf(name), weightDecay: 0 }])),
  };
}

/** What a trained network says: inputs `images` and the parameters; outputs `scores`, `probabilities`, `NAME.theta`, `NAME.grid`, `NAME.crop`. */
export function inspectionGraph(network: CompiledNetwork, batch: number): Graph {
  const g = new GraphBuilder();
  const images = g.input('images', [batch, ...network.input]);
  const parameters = parameterInputs(g, network.initial);
  const { scores, transformed } = network.apply(g, images, parameters);
  g.output('scores', scores);
  g.output('probabilities', softmax(g, scores, -1));
  for (const { plan, theta, grid, output } of transformed) {
    g.output(`${plan.name}.theta`, theta);
    g.output(`${plan.name}.grid`, mul(g, grid, 1));
    g.output(`${plan.name}.crop`, mul(g, output, 1));
  }
  return g.build();
}
