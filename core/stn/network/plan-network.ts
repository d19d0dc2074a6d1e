import { CongealError } from '../../contract/errors.ts';
import type { NetworkLayer } from '../../contract/network.ts';
import type { Random } from '../../geometry/random.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { createNetwork, layerOutput, type Layer, type Network } from '../layers.ts';
import type { InputShape } from '../localisation-nets.ts';
import type { NamedLayer } from '../../contract/network-names.ts';
import { fieldBehind, type ReceptiveField, wholeField } from './receptive-field.ts';
import { everything, refuseSamePlaces, spreadPlaces, type StartingPlace } from './starting-places.ts';
import { planTransformer, type TransformerDefaults, type TransformerPlan } from './transformer-layer.ts';

/** What a map shows: a part of the images (`transformer` null) or of a transformer's crops. */
export interface Shown {
  readonly transformer: string | null;
  readonly field: ReceptiveField;
}

/** A transformer where it stands; `shown` is null behind branches that show different places. */
export interface PlacedTransformer extends TransformerPlan {
  readonly shown: Shown | null;
}

/** A layer with everything worked out that does not depend on a graph. */
export type Step =
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'dropout'; readonly rate: number; readonly stream: number }
  | { readonly kind: 'transformer'; readonly plan: PlacedTransformer }
  | { readonly kind: 'parallel'; readonly branches: readonly (readonly Step[])[] };

/** Where a walk through the layers stands: the shape there, and what it shows. */
interface Standing {
  readonly shape: InputShape;
  /** False behind a dense layer: its outputs have no places. */
  readonly isMap: boolean;
  readonly shown: Shown | null;
}

/** What a network is made for. */
export interface NetworkPurpose {
  readonly input: InputShape;
  readonly classes: number;
  readonly random: Random;
  readonly defaults: TransformerDefaults;
}

/**
 * Works out every layer of a network, the last one with an output per class added.
 *
 * **Throws** CongealError `usage` where a layer does not fit what comes before it.
 */
export function planNetwork(layers: readonly NamedLayer[], purpose: NetworkPurpose): readonly Step[] {
  const planner = createPlanner(purpose);
  const begin: Standing = { shape: purpose.input, isMap: true, shown: { transformer: null, field: wholeField } };
  const { steps, end } = planner.through(layers, 'layers', begin, undefined);
  const scores: Layer = { kind: 'dense', units: purpose.classes, activation: 'none' };
  return [...steps, planner.plain([scores], 'scores', end).step];
}

function createPlanner({ random, defaults }: NetworkPurpose) {
  let streams = 0;

  /* Layers that follow each other are one network, which may then compute relu behind the pool. */
  const plain = (layers: readonly Layer[], prefix: string, at: Standing): { step: Step; end: Standing } => {
    const end = layers.reduce((standing, layer) => behind(layer, prefix, standing), at);
    const explicit = layers.map((layer): Layer =>
      layer.kind === 'pool' ? layer : { ...layer, activation: layer.activation ?? 'relu' },
    );
    return { step: { kind: 'network', network: createNetwork(explicit, { prefix, input: at.shape, random }) }, end };
  };

  const transformer = (layer: NamedLayer & { kind: 'transformer' }, at: Standing, place: StartingPlace) => {
    if (!at.isMap) throw misfit(layer.name, 'transformer', 'follows a dense layer, which leaves no picture to look at');
    const plan = { ...planTransformer(layer, at.shape, defaults, place, random), shown: at.shown };
    const { width, height } = plan.sampling;
    const shown = { transformer: layer.name, field: wholeField };
    return {
      step: { kind: 'transformer', plan } as Step,
      end: { shape: [at.shape[0], height, width] as const, isMap: true, shown },
    };
  };

  const parallel = (layer: NamedLayer & { kind: 'parallel' }, path: string, at: Standing) => {
    const places = spreadPlaces(layer.branches.length);
    const planned = layer.branches.map((branch, k) => through(branch, `${path}.${k + 1}`, at, places[k]));
    refuseSamePlaces(
      layer.branches.flatMap((branch, k) => {
        const first = branch.find((one) => one.kind === 'transformer');
        return first === undefined ? [] : [{ name: first.name, place: first.start ?? places[k] }];
      }),
    );
    const [{ end: first }] = planned;
    let channels = 0;
    for (const [k, { end }] of planned.entries()) {
      const [depth, height, width] = end.shape;
      channels += depth;
      if (height === first.shape[1] && width === first.shape[2] && end.isMap === first.isMap) continue;
      throw misfit(
        `${path}.${k + 1}`,
        'parallel',
        `ends in ${width} x ${height}, the first branch in ${first.shape[2]} x ${first.shape[1]}; branches must end in one size`,
      );
    }
    const same = planned.every(({ end }) => sameShown(end.shown, first.shown));
    const end: Standing = {
      shape: [channels, first.shape[1], first.shape[2]],
      isMap: first.isMap,
      shown: same ? first.shown : null,
    };
    return { step: { kind: 'parallel', branches: planned.map(({ steps }) => steps) } as Step, end };
  };

  const through = (
    layers: readonly NamedLayer[],
    path: string,
    begin: Standing,
    place: StartingPlace | undefined,
  ): { steps: readonly Step[]; end: Standing } => {
    const steps: Step[] = [];
    let end = begin;
    let next = place;
    for (let i = 0; i < layers.length;) {
      const [layer, here] = [layers[i], `${path}.${i + 1}`];
      const run = plainRun(layers.slice(i));
      const planned = explained(here, layer.kind, (): { step: Step; end: Standing } => {
        switch (layer.kind) {
          case 'dropout':
            return { step: { kind: 'dropout', rate: layer.rate, stream: streams++ }, end };
          case 'transformer': {
            const begins = next ?? everything;
            next = undefined;
            return transformer(layer, end, begins);
          }
          case 'parallel':
            return parallel(layer, here, end);
          case 'conv':
          case 'pool':
          case 'dense':
            return plain(run, here, end);
        }
      });
      steps.push(planned.step);
      end = planned.end;
      i += Math.max(1, run.length);
    }
    return { steps, end };
  };

  return { plain, through };
}

/** Where a walk stands behind one more layer. */
function behind(layer: Layer, prefix: string, at: Standing): Standing {
  if (layer.kind !== 'dense' && !at.isMap)
    throw misfit(prefix, layer.kind, 'follows a dense layer, which leaves no picture');
  const shown =
    layer.kind === 'dense' || at.shown === null ? null : { ...at.shown, field: fieldBehind(layer, at.shown.field) };
  return { shape: layerOutput(layer, at.shape), isMap: layer.kind !== 'dense', shown };
}

/** The layers at the beginning of a list that are no more than convolutions, pools and dense layers. */
function plainRun(layers: readonly NamedLayer[]): readonly Layer[] {
  const run: Layer[] = [];
  for (const layer of layers) {
    if (layer.kind !== 'conv' && layer.kind !== 'pool' && layer.kind !== 'dense') break;
    run.push(layer);
  }
  return run;
}

function sameShown(a: Shown | null, b: Shown | null): boolean {
  if (a === null || b === null) return a === b;
  return a.transformer === b.transformer && a.field.step === b.field.step && a.field.offset === b.field.offset;
}

function misfit(place: string, kind: NetworkLayer['kind'], what: string): CongealError {
  return new CongealError('usage', `The network does not fit together: ${place} (${kind}) ${what}.`);
}

/** Errors of the graph builder as errors of the person who wrote the description. */
function explained<Result>(place: string, kind: NetworkLayer['kind'], plan: () => Result): Result {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new CongealError('usage', `The network does not fit together at ${place} (${kind}). ${error.message}`, {
      cause: error,
    });
  }
}
