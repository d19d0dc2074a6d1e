import { GraphBuilder } from '../../graph/builder.ts';
import { crossEntropy } from '../../graph/ops/loss.ts';
import { softmax } from '../../graph/ops/reduce.ts';
import { adamW } from '../../graph/optimisers.ts';
import type { Lesson } from '../../graph/step-in-halves.ts';
import type { Graph } from '../../graph/value.ts';
import { parameterInputs } from '../../stn/layers.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';

/**
 * The training step of a classifier: inputs `images` `[batch, C, H, W]`, `labels` `[batch, classes]` (one-hot), `rate`,
 * `step` and the parameters with their moments; outputs `loss` and all of those anew.
 */
export function trainingLesson(
  network: CompiledNetwork,
  { batch, weightDecay }: { readonly batch: number; readonly weightDecay: number },
): Lesson {
  const stillBiases = Object.keys(network.initial).filter((name) => name.endsWith('.bias'));
  const groups = groupsWithoutDecay(network, stillBiases);
  return {
    batch,
    parameters: network.initial,
    loss: (g, parameters, count, seed) => {
      const images = g.input('images', [count, ...network.input]);
      const labels = g.input('labels', [count, network.classes]);
      return crossEntropy(g, network.apply(g, images, parameters, seed).scores, labels);
    },
    update: (g, parameters, gradients, options) => {
      adamW(g, parameters, gradients, { ...options, weightDecay, groups });
    },
  };
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
