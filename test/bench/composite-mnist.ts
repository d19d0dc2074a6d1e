import type { WarpName } from '../../core/geometry/warp.ts';
import type { Augmentation } from '../../core/learn/classify/augment.ts';
import type { ClassifyRecipe } from '../../core/learn/classify/recipe.ts';
import { providersHere } from '../../core/runtime/providers.ts';
import { chosen, listOption, numberOption, textOption } from '../support/bench-options.ts';
import {
  experimentRecipe,
  parameterBudget,
  runExperiment,
  withBudget,
  withCrops,
  withoutDropout,
} from '../support/digit-experiment.ts';
import { digitSets, type DigitTask } from '../support/digit-sets.ts';
import { meanBy, type TableEntry } from '../support/digit-table.ts';
import { shippedNetwork } from '../support/network-files.ts';
import { hasShared } from '../support/shared.ts';

/** What is asked of an experiment. */
interface Asked {
  readonly set: DigitTask;
  /** The network with transformers, and the side of the squares that they cut out. */
  readonly transformers: 'cluttered' | 'parallel';
  readonly cropSide: number;
  readonly epochs: number;
  /** Factor on the learning rate of localisation networks: at 1 the transformer lost the digit among 60 x 60 pixels. */
  readonly locateRate: number;
  /** What is done otherwise than in all experiments, by both networks. */
  readonly recipe?: Partial<ClassifyRecipe>;
  readonly withoutDropout?: true;
  /** How pictures are changed at random while training: only where there is no generator to draw new ones from. */
  readonly augment: Augmentation;
  /** The most errors that it may make: in percent, or as a share of the plain network's. */
  readonly target: { readonly errorPercent: number } | { readonly shareOfCnn: number };
}

const augmentations = ['none', 'elastic', 'projective'] as const satisfies readonly Augmentation[];

const experiments: readonly Asked[] = [
  {
    set: 'cluttered-60',
    transformers: 'cluttered',
    cropSide: 24,
    epochs: 12,
    locateRate: 0.1,
    augment: 'none',
    target: { shareOfCnn: 0.6 },
  },
  {
    set: 'addition',
    transformers: 'parallel',
    cropSide: 24,
    epochs: 24,
    locateRate: 0.3,
    recipe: { easing: 0.5 },
    withoutDropout: true,
    augment: 'none',
    target: { shareOfCnn: 0.6 },
  },
  {
    set: 'cluttered-40',
    transformers: 'cluttered',
    cropSide: 24,
    epochs: 20,
    locateRate: 1,
    augment: 'elastic',
    target: { errorPercent: 4 },
  },
];

/**
 * Digits among clutter, in pictures of 60 x 60 made here and of 40 x 40 as published, and sums of two digits, each scattered
 * in a channel of its own: a convolutional network with and without transformers in front. Prints every training as it
 * ends, then what was asked of each set.
 *
 * Sums hardly begin to be learned from digits that lie anywhere. Both networks therefore first see digits that lie in the
 * middle, and every distortion grows to its full strength over the first half of the training; the test is whole.
 *
 * Arguments: `--sets cluttered-60,addition,cluttered-40`, `--networks cnn,cluttered,parallel`, `--family affine`,
 * `--seeds 1`, `--epochs N` (12, 24, 20), `--crop N` (side of the crops, 24), `--rate N` (largest learning rate, 0.002),
 * `--locate-rate N` (factor on it for localisation networks; 0.1, 0.3, 1), `--augment none|elastic|projective` (cluttered-40
 * alone; elastic), `--judge held-back` (pictures kept from training judge instead of the test set, to choose a recipe by),
 * `--threads N` (2), `--provider cpu|webgpu|...` (cpu).
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  if (!hasShared) {
    emit({ skipped: 'the shared handwritten digits are not here' });
    return;
  }
  const names = experiments.map(({ set }) => set);
  const sets = chosen(names, listOption(args, '--sets'), names);
  for (const asked of experiments.filter(({ set }) => sets.includes(set))) await runSet(asked, emit, args);
}

async function runSet(asked: Asked, emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const { set, transformers, cropSide, epochs, locateRate, augment, target } = asked;
  const judgedBy = textOption(args, '--judge') === 'held-back' ? 'held back' : 'test';
  const [augmentation] = chosen(augmentations, listOption(args, '--augment'), [augment]);
  const sets = await digitSets(set, judgedBy, augmentation);
  const defaults = {
    family: (textOption(args, '--family') ?? 'affine') as WarpName,
    learningRate: numberOption(args, '--locate-rate') ?? locateRate,
  };
  const networks = ['cnn', transformers] as const;
  const rate = numberOption(args, '--rate');
  const [provider] = chosen(providersHere(), listOption(args, '--provider'), ['cpu']);
  const rateAsked = rate === undefined ? {} : { rate };
  const entries: TableEntry[] = [];
  for (const name of networks.filter((one) => listOption(args, '--networks')?.includes(one) ?? true))
    for (const seed of listOption(args, '--seeds')?.map(Number) ?? [1]) {
      const network = asked.withoutDropout ? withoutDropout(shippedNetwork(name)) : shippedNetwork(name);
      const cropped = withCrops(network, sets, numberOption(args, '--crop') ?? cropSide);
      const figures = await runExperiment({
        sets,
        network: withBudget(cropped, sets, defaults, parameterBudget),
        defaults,
        recipe: experimentRecipe(numberOption(args, '--epochs') ?? epochs, { ...asked.recipe, ...rateAsked }),
        seed,
        threads: numberOption(args, '--threads') ?? 2,
        provider,
      });
      const family = name === 'cnn' ? null : defaults.family;
      entries.push({ task: set, network: name, family, ...figures });
      emit({ set, network: name, family, judgedBy, ...figures });
    }
  const withTransformers = meanBy(entries, set, transformers, defaults.family) ?? null;
  const cnn = meanBy(entries, set, 'cnn', null) ?? null;
  const shareOfCnn = withTransformers === null || cnn === null ? null : Number((withTransformers / cnn).toFixed(3));
  emit({
    set,
    target,
    errorPercent: withTransformers,
    shareOfCnn,
    reached:
      'shareOfCnn' in target ? atMost(shareOfCnn, target.shareOfCnn) : atMost(withTransformers, target.errorPercent),
  });
}

function atMost(value: number | null, most: number): boolean | null {
  return value === null ? null : value <= most;
}
