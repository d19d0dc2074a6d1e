import { GraphError } from '../graph-error.ts';
import { add, div, mul, sub } from '../ops/arithmetic.ts';
import { greater, where } from '../ops/compare.ts';
import { sqrt } from '../ops/elementwise.ts';
import { reduceMean, reduceSum } from '../ops/reduce.ts';
import { axisOf, float, integer, integers, shapeText } from '../rule.ts';
import { sameShape } from '../tensor.ts';
import type { Value } from '../value.ts';
import { knownNumbers, need, type Reader, type Reading, whole } from './reading.ts';

function readBatchNormalization(of: Reading): readonly Value[] {
  const { g, attributes, inputs, node, opset } = of;
  const outputs = node.outputs.filter((name) => name !== '').length;
  if (integer(attributes, 'training_mode', 0) === 1 || (outputs > 1 && opset < 14)) {
    throw new GraphError('it is switched to training; export the model in evaluation mode');
  }
  return g.nodes('BatchNormalization', inputs, { epsilon: { float: float(attributes, 'epsilon', 1e-5) } });
}

/** Outside training, which is where a model is read, dropout is the identity. */
function readDropout(of: Reading): readonly Value[] {
  const training = of.inputs[2] ? knownNumbers(of, 2)?.[0] : 0;
  if (training !== 0) {
    const found = training === undefined ? 'can be switched to training when it runs' : 'is switched to training';
    throw new GraphError(`it ${found}; export the model in evaluation mode`);
  }
  return of.g.nodes('Identity', [need(of, 0)]);
}

/** x less its mean, over its deviation along some axes. */
function standardised({ g }: Reading, x: Value, axes: readonly number[], epsilon: number): Value {
  const along = { axes, keepDims: true };
  const centred = sub(g, x, reduceMean(g, x, along));
  return div(g, centred, sqrt(g, add(g, reduceMean(g, mul(g, centred, centred), along), epsilon)));
}

/** Scale and bias are one number per group in opset 18, one per channel since 21. */
function readGroupNormalization(of: Reading): readonly Value[] {
  const { g, attributes } = of;
  const [x, scale, bias] = [need(of, 0), need(of, 1), need(of, 2)];
  const groups = integer(attributes, 'num_groups', 0);
  const channels = x.shape[1];
  const each = channels / groups;
  const known = [[groups], [channels]].find((shape) => sameShape(shape, scale.shape) && sameShape(shape, bias.shape));
  if (!Number.isInteger(each) || !known) {
    throw new GraphError(`${groups} groups and scales ${shapeText(scale.shape)} do not fit ${shapeText(x.shape)}`);
  }
  const grouped = g.node('Reshape', [x, whole(g, [0, groups, each, -1])]);
  const normal = standardised(of, grouped, [2, 3], float(attributes, 'epsilon', 1e-5));
  const perChannel = known[0] === channels ? [groups, each, 1] : [groups, 1, 1];
  const [factor, summand] = [scale, bias].map((value) => g.node('Reshape', [value, whole(g, perChannel)]));
  return g.nodes('Reshape', [add(g, mul(g, normal, factor), summand), g.node('Shape', [x])]);
}

/** x over its length along an axis; zeros, which have no direction, stay zeros. */
function readLpNormalization(of: Reading): readonly Value[] {
  const { g, attributes } = of;
  const x = need(of, 0);
  const along = { axes: [axisOf('LpNormalization', integer(attributes, 'axis', -1), x.shape.length)], keepDims: true };
  const total = reduceSum(g, integer(attributes, 'p', 2) === 1 ? g.node('Abs', [x]) : mul(g, x, x), along);
  const known = where(g, greater(g, total, 0), total, 1);
  return [div(g, x, integer(attributes, 'p', 2) === 1 ? known : sqrt(g, known))];
}

/** Ops that normalise, and dropout. */
export const normalisationReaders: Readonly<Record<string, Reader>> = {
  BatchNormalization: readBatchNormalization,
  Dropout: readDropout,
  GroupNormalization: readGroupNormalization,
  LpNormalization: readLpNormalization,
  MeanVarianceNormalization: (of) => [standardised(of, need(of, 0), integers(of.attributes, 'axes', [0, 2, 3]), 1e-9)],
};
