import { backward } from '../../graph/backward.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { crossEntropy } from '../../graph/ops/loss.ts';
import { softmax } from '../../graph/ops/reduce.ts';
import { adamW } from '../../graph/optimisers.ts';
import type { Graph } from '../../graph/value.ts';
import { parameterInputs } from '../../stn/layers.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';

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
  const gradients = backward(g, loss, Object.values(parameters));
  const stillBiases = Object.keys(parameters).filter((name) => name.endsWith('.bias'));
  adamW(g, parameters, gradients, {
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

/**
 * What a network says: inputs `images` and the parameters; outputs `scores`, `probabilities`, and of every transformer
 * `NAME.input`, `NAME.theta`, `NAME.grid`, `NAME.crop`.
 */
export function inspectionGraph(network: CompiledNetwork, batch: number): Graph {
  const g = new GraphBuilder();
  const images = g.input('images', [batch, ...network.input]);
  const { scores, transformed } = network.apply(g, images, parameterInputs(g, network.initial));
  g.output('scores', scores);
  g.output('probabilities', softmax(g, scores, -1));
  for (const { plan, input, theta, grid, output } of transformed) {
    g.output(`${plan.name}.input`, input);
    g.output(`${plan.name}.theta`, theta);
    g.output(`${plan.name}.grid`, grid);
    g.output(`${plan.name}.crop`, output);
  }
  return g.build();
}
