import { mul, sub } from '../ops/arithmetic.ts';
import { exp, log } from '../ops/elementwise.ts';
import { matMul } from '../ops/linear.ts';
import { transpose } from '../ops/movement.ts';
import { reduceMax, reduceSum } from '../ops/reduce.ts';
import { float, inputOf, integer } from '../rule.ts';
import type { Builder } from '../rule.ts';
import type { OpName } from '../op-name.ts';
import type { Node, Value } from '../value.ts';
import type { Pass } from './pass.ts';

/** Ops that ONNX Runtime's WebGPU provider leaves to the processor, each in ops that it runs itself. */
const rewritten: Readonly<Partial<Record<OpName, (g: Builder, node: Node) => Value>>> = {
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
