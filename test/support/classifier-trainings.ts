import { networkFamilies } from '../../core/contract/network.ts';
import { shippedNetworks } from '../../core/contract/options.ts';
import { createRandom } from '../../core/geometry/random.ts';
import type { ClassifyRecipe } from '../../core/learn/classify/recipe.ts';
import { trainClassifier, untrained } from '../../core/learn/classify/train-classifier.ts';
import { compileNetwork } from '../../core/stn/network/compile-network.ts';
import { finalOf } from './final-of.ts';
import { shippedNetwork } from './network-files.ts';

const [batch, side] = [4, 42];
const classes = ['a', 'b', 'c'];

const recipe: ClassifyRecipe = {
  epochs: 20,
  batch,
  rate: 2e-3,
  schedule: 'constant',
  warmUp: 0,
  weightDecay: 1e-3,
  labelSmoothing: 0.1,
  easing: 0,
  patience: 0,
};

/** A network that comes with the program, and the family of its transformers. */
type Kind = readonly [name: (typeof shippedNetworks)[number], family: (typeof networkFamilies)[number]];

/** Every network that comes with the program. */
export const everyNetwork = shippedNetworks.map((name): Kind => [name, 'affine']);

/** One of them with every other family: it is the one that does not say where its transformer begins. */
export const everyFamily = networkFamilies
  .filter((family) => family !== 'affine')
  .map((family): Kind => ['st-fcn', family]);

/** Trains classifiers on a few drawn waves, for tests that look at what is run. */
export async function trainClassifiers(kinds: readonly Kind[]): Promise<void> {
  for (const [name, family] of kinds) {
    const random = createRandom(3);
    const network = compileNetwork(shippedNetwork(name), {
      ...{ input: [1, side, side], classes: classes.length, random, defaults: { family, learningRate: 0.3 } },
    });
    const examples = {
      ...{ count: batch, shape: [1, side, side] as const, classes },
      draw: (index: number, _random: unknown, into: Float32Array, offset: number) => {
        for (let i = 0; i < side * side; i++)
          into[offset + i] = 0.5 + 0.5 * Math.sin(((i % side) * (1 + index) + Math.floor(i / side)) / 5);
        return index % classes.length;
      },
    };
    await finalOf(trainClassifier(network, examples, recipe, untrained(network), random, { threads: 1 }));
  }
}
