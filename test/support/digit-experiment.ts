import type { NetworkDescription, NetworkLayer } from '../../core/contract/network.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { type Classified, classify, type ClassifySets } from '../../core/learn/classify/classify.ts';
import { wilsonInterval } from '../../core/learn/classify/interval.ts';
import type { ClassifyRecipe } from '../../core/learn/classify/recipe.ts';
import type { ProviderName } from '../../core/runtime/providers.ts';
import { compileNetwork } from '../../core/stn/network/compile-network.ts';
import type { TransformerDefaults } from '../../core/stn/network/transformer-layer.ts';

/** All networks that are compared have about as many parameters. */
export const parameterBudget = 400_000;

/** How all of them are trained, but for what is said otherwise. */
export function experimentRecipe(epochs: number, other: Partial<ClassifyRecipe> = {}): ClassifyRecipe {
  return {
    epochs,
    batch: 64,
    rate: 2e-3,
    schedule: 'cosine',
    warmUp: 50,
    weightDecay: 0,
    labelSmoothing: 0,
    easing: 0,
    patience: 0,
    ...other,
  };
}

/** One training of one network on one set. */
export interface Experiment {
  readonly sets: ClassifySets;
  readonly network: NetworkDescription;
  readonly defaults: TransformerDefaults;
  readonly recipe: ClassifyRecipe;
  readonly seed: number;
  readonly threads: number;
  readonly provider: ProviderName;
}

/** What came out, ready to be printed: errors in percent. */
export interface ExperimentFigures extends Record<string, unknown> {
  readonly errorPercent: number;
  readonly lowPercent: number;
  readonly highPercent: number;
  readonly parameters: number;
  readonly epochs: number;
  readonly seed: number;
  /** On the wall, and of the processor: on a machine that is busy otherwise the two differ. */
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** Trains and tests once. */
export async function runExperiment({
  sets,
  network,
  defaults,
  recipe,
  seed,
  threads,
  provider,
}: Experiment): Promise<ExperimentFigures> {
  const started = performance.now();
  const used = process.cpuUsage();
  const events = classify(sets, { network, defaults, recipe }, { seed, threads, provider });
  let end: Classified | undefined;
  const notes: string[] = [];
  while (end === undefined) {
    const next = await events.next();
    if (next.done === true) end = next.value;
    else if (next.value.kind === 'note') notes.push(next.value.message);
  }
  const { user, system } = process.cpuUsage(used);
  const { share, low, high } = wilsonInterval(end.test.wrong, end.test.answers.length);
  const percent = (value: number): number => Number((100 * value).toFixed(2));
  return {
    errorPercent: percent(share),
    lowPercent: percent(low),
    highPercent: percent(high),
    parameters: end.network.parameterCount,
    epochs: recipe.epochs,
    seed,
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
    processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
    ...(provider !== 'cpu' && { provider }),
    ...(notes.length > 0 && { notes }),
  };
}

/** The network with as many units in its first dense layer as bring it closest to a number of parameters. */
export function withBudget(
  network: NetworkDescription,
  { training }: ClassifySets,
  defaults: TransformerDefaults,
  budget: number,
): NetworkDescription {
  const place = network.layers.findIndex(({ kind }) => kind === 'dense');
  const sized = (units: number): NetworkDescription => ({
    ...network,
    layers: network.layers.map((layer, i): NetworkLayer =>
      i === place && layer.kind === 'dense' ? { ...layer, units } : layer,
    ),
  });
  const countOf = (units: number): number =>
    compileNetwork(sized(units), {
      input: training.shape,
      classes: training.classes.length,
      random: createRandom(0),
      defaults,
    }).parameterCount;
  const [one, two] = [countOf(1), countOf(2)];
  return sized(Math.max(1, Math.round(1 + (budget - one) / (two - one))));
}

/** The network with transformers that cut out squares of a side, where they stand in front of all other layers. */
export function withCrops(network: NetworkDescription, { training }: ClassifySets, side: number): NetworkDescription {
  const downsample = training.shape[1] / side;
  const sized = (layer: NetworkLayer): NetworkLayer => {
    if (layer.kind === 'parallel')
      return { ...layer, branches: layer.branches.map((branch) => branch.map((one) => sized(one) as typeof one)) };
    return layer.kind === 'transformer' ? { ...layer, downsample } : layer;
  };
  return { ...network, layers: network.layers.map(sized) };
}

/** Pictures up to this side are small: a localisation network that pools them first loses what it could be exact about. */
const smallSide = 48;

/** The network with localisation networks that look at every pixel of small pictures: the pool that stands first comes last. */
export function withSight(network: NetworkDescription, { training }: ClassifySets): NetworkDescription {
  if (training.shape[1] > smallSide) return network;
  const seeing = (layer: NetworkLayer): NetworkLayer => {
    if (layer.kind !== 'transformer' || typeof layer.localisation === 'string') return layer;
    const [first, ...others] = layer.localisation;
    const dense = others.findIndex(({ kind }) => kind === 'dense');
    if (first.kind !== 'pool' || dense < 0) return layer;
    return { ...layer, localisation: [...others.slice(0, dense), first, ...others.slice(dense)] };
  };
  return { ...network, layers: network.layers.map(seeing) };
}

/** The network without its dropout: where learning hardly begins, it makes that harder. */
export function withoutDropout(network: NetworkDescription): NetworkDescription {
  return { ...network, layers: network.layers.filter(({ kind }) => kind !== 'dropout') };
}
