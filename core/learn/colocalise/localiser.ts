import type { Random } from '../../geometry/random.ts';
import { add, mul } from '../../graph/ops/arithmetic.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { gather } from '../../graph/ops/indexing.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { heatMapNet, regressionNet } from '../../stn/localisation-nets.ts';
import type { WindowLattice } from './gain.ts';
import { workSide } from './work-maps.ts';

/** Names of the localisation networks that can be trained. */
export type LocaliserName = 'heat-map' | 'published';

type Nodes = (g: Builder, canvas: Value, parameters: Readonly<Record<string, Value>>) => Value;

/** A localisation network over the work frame: from grey canvases to the place of the object. */
export interface Localiser {
  readonly name: LocaliserName;
  readonly initial: Readonly<Record<string, Tensor>>;
  /** Adds the object's place `[N, 2]` in work pixels for canvases `[N, 1, workSide, workSide]`. */
  readonly place: Nodes;
  /** Adds the share of attention of every place, `[N, places * places]`; only where the network has a map. */
  readonly attention?: Nodes;
}

/** What a localisation network over the work frame takes. */
export const canvasShape = [1, workSide, workSide] as const;

/** Windows of training: places every 4 pixels, windows of 36 pixels. */
export const trainingLattice: WindowLattice = { places: 21, step: 2, window: 18 };

const placeDistance = 4;

/** Makes a localisation network with seeded weights. */
export function createLocaliser(name: LocaliserName, random: Random): Localiser {
  return name === 'heat-map' ? heatMap(random) : published(random);
}

function heatMap(random: Random): Localiser {
  const net = heatMapNet(canvasShape, random, 1);
  const corners = new Float32Array(net.rows * net.columns * 2);
  for (let cell = 0; cell < net.rows * net.columns; cell++) {
    corners[2 * cell] = placeDistance * (cell % net.columns);
    corners[2 * cell + 1] = placeDistance * Math.floor(cell / net.columns);
  }
  return {
    name: 'heat-map',
    initial: net.initial,
    attention: (g, canvas, parameters) => net.apply(g, canvas, parameters).attention,
    place: (g, canvas, parameters) => {
      const { attention } = net.apply(g, canvas, parameters);
      return matMul(g, attention, g.constant(corners, [net.rows * net.columns, 2]));
    },
  };
}

/** The layers of the published network; of its three outputs the scale is not used, crops are of one size. */
function published(random: Random): Localiser {
  const net = regressionNet('colocalisation', 'attention', canvasShape, random, [1, 0, 0]);
  return {
    name: 'published',
    initial: net.initial,
    place: (g, canvas, parameters) => {
      const centre = gather(g, net.apply(g, canvas, parameters), [1, 2], 1);
      return mul(g, add(g, centre, 1), workSide / 2);
    },
  };
}
