import { mul, sub } from '../ops/arithmetic.ts';
import { where } from '../ops/compare.ts';
import { exp, log } from '../ops/elementwise.ts';
import { matMul } from '../ops/linear.ts';
import { slice, transpose } from '../ops/movement.ts';
import { reduceMax, reduceSum } from '../ops/reduce.ts';
import { float, inputOf, integer } from '../rule.ts';
import type { Builder } from '../rule.ts';
import { numbers, sameShape } from '../tensor.ts';
import type { OpName } from '../op-name.ts';
import type { Node, Value } from '../value.ts';
import type { Pass } from './pass.ts';

/** Ops that ONNX Runtime's WebGPU provider leaves to the processor, each in ops that it runs itself. */
const rewritten: Readonly<Partial<Record<OpName, (g: Builder, node: Node) => Value | undefined>>> = {
  FusedMatMul: (g, node) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const turned = (of: Value, attribute: string): Value => {
      if (integer(node.attributes, attribute, 0) === 0) return of;
      const axes = of.shape.map((_, axis) => axis);
      return transpose(g, of, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
    };
    const product = matMul(g, turned(a, 'transA'), turned(b, 'transB'));
    const alpha = float(node.attributes, 'alpha', 1);
    return alpha === 1 ? product : mul(g, product, alpha);
  },
  LogSoftmax: (g, node) => {
    const x = inputOf(node, 0);
    const along = { axes: [integer(node.attributes, 'axis', -1)], keepDims: true };
    const lowered = sub(g, x, reduceMax(g, x, along));
    return sub(g, lowered, log(g, reduceSum(g, exp(g, lowered), along)));
  },
  /* Of its own it fails where both inputs are repeated; choosing repeats them, whatever their sizes at run time. */
  Pow: (g, node) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const single = a.shape.length === 0 || b.shape.length === 0;
    if (single || a.dtype !== b.dtype || sameShape(a.shape, b.shape)) return undefined;
    const yes = g.constant([1], [1], 'bool');
    return g.node('Pow', [where(g, yes, a, b), where(g, yes, b, a)]);
  },
  /* Of its own it always begins at the last element where the step is negative. */
  Slice: (g, node) => {
    const [, starts, ends, axes, steps] = node.inputs.map((input) => {
      const known = input && g.known(input);
      return known ? numbers(known).map((number) => Math.min(number, Number.MAX_SAFE_INTEGER)) : undefined;
    });
    if (!starts || !ends || !steps?.some((step) => step < 0)) return undefined;
    return slice(g, inputOf(node, 0), { starts, ends, steps, ...(axes && { axes }) });
  },
};

/** Puts ops that run on any device in the place of those that would move data to the processor and back. */
export const deviceOps: Pass = {
  name: 'device ops',
  start:
    () =>
    (node, { g }) => {
      const other = rewritten[node.op]?.(g, node);
      return other && [other];
    },
};
