import { basisFamily, isBasisName, startingBasis, type BasisName } from '../geometry/basis-family.ts';
import type { ParameterInfo } from '../geometry/family.ts';
import type { CropPlace, WarpName } from '../geometry/warp.ts';
import { warpFamily } from '../geometry/warp-family.ts';
import type { Builder } from '../graph/rule.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { basisGrid, familyGrid, type Sampling, type SamplingGrid } from './grid-nodes.ts';
import type { NodeFrame } from './transform-nodes.ts';

/** A family as a network needs it: how many numbers to regress, where they start, and the grid that they make. */
export interface TransformerFamily {
  readonly name: WarpName;
  readonly parameters: readonly ParameterInfo[];
  /** Theta before anything is learned, one number per parameter: the bias of a localisation network's last layer. */
  readonly start: readonly number[];
  /** What the family itself learns, by name: the basis `[rows, height * width]` where it has one, else nothing. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /** Adds the grid of theta `[N, parameters]`; `learned` holds a value for every name in `initial`. */
  grid(g: Builder, theta: Value, learned?: Readonly<Record<string, Value>>): SamplingGrid;
}

/** What the crops of a transformer look like, and where it begins to look. */
export interface TransformerFamilyOptions {
  readonly sampling: Sampling;
  /** Where it begins; by default the whole image. Transformers that stand side by side need different places. */
  readonly place?: CropPlace;
  /** Width / height of the source; only families that turn need it. Default 1. */
  readonly aspect?: number;
  /** What the names of learned parameters begin with; default `transform`. */
  readonly prefix?: string;
}

const wholeImage: CropPlace = { scale: 1, x: 0, y: 0 };

/**
 * A transform family by name for one transformer of a network. Families with a basis learn it.
 *
 * **Throws** a CongealError for a name that does not exist or a place where the family cannot start.
 */
export function transformerFamily(name: string, options: TransformerFamilyOptions): TransformerFamily {
  const { sampling, place = wholeImage, aspect = 1, prefix = 'transform' } = options;
  const family = warpFamily(name);
  const canonicalAspect = sampling.width / sampling.height;
  const start = family.startAt(place, { width: aspect, height: 1, canonicalAspect });
  const common = { name: family.name, parameters: family.parameters, start };
  if (isBasisName(name)) return { ...common, ...learnedBasis(name, sampling, `${prefix}.basis`) };
  const frame: NodeFrame = { aspect, canonicalAspect };
  return { ...common, initial: {}, grid: (g, theta) => familyGrid(g, family.name, theta, sampling, frame) };
}

function learnedBasis(
  family: BasisName,
  sampling: Sampling,
  name: string,
): Pick<TransformerFamily, 'initial' | 'grid'> {
  const { width, height, alignCorners } = sampling;
  const { rows } = basisFamily(family);
  const basis = startingBasis(basisFamily(family), width, height, alignCorners);
  return {
    initial: { [name]: float32(basis, [rows, width * height]) },
    grid: (g, theta, learned = {}) => basisGrid(g, theta, learned[name], sampling),
  };
}
