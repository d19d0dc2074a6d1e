import type { OpName } from '../../core/graph/op-name.ts';
import type { Node } from '../../core/graph/value.ts';
import { axis, fill, type Kernel, type Numbers, pickExact, stepsOf, take, whole, word } from './interpreter-arrays.ts';

/** What a scatter leaves where it writes, from what is there and what comes. */
function written(node: Node): (there: number, come: number) => number {
  const reduction = word(node, 'reduction', 'none');
  if (reduction === 'none') return (_, come) => come;
  if (reduction === 'add') return (there, come) => there + come;
  if (reduction === 'mul') return (there, come) => there * come;
  if (reduction === 'max') return Math.max;
  if (reduction === 'min') return Math.min;
  throw new Error(`${node.op} with reduction '${reduction}' is not known`);
}

const scatter: Kernel = (inputs, node) => {
  const [x, indices, updates] = [take(inputs, 0), take(inputs, 1), take(inputs, 2)];
  const along = axis(whole(node, 'axis', 0), x.shape.length);
  const data = x.data.slice();
  const steps = stepsOf(x.shape);
  const left = written(node);
  fill(indices.shape, (at) => {
    const to = at
      .with(along, axis(pickExact(indices, at), x.shape[along]))
      .reduce((sum, a, i) => sum + a * steps[i], 0);
    data[to] = left(data[to], pickExact(updates, at));
    return 0;
  });
  return [{ shape: x.shape, data }];
};

/** The coordinates that the last axis of `indices` names at the place `at` of the other axes, counted from the front. */
function coordinates(indices: Numbers, at: readonly number[], sizes: readonly number[]): number[] {
  const depth = indices.shape.at(-1) ?? 0;
  return Array.from({ length: depth }, (_, k) => axis(pickExact(indices, [...at, k]), sizes[k]));
}

/** Ops that pick and write by index. */
export const indexingKernels = {
  Gather: (inputs, node) => {
    const [x, indices] = [take(inputs, 0), take(inputs, 1)];
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    const rank = indices.shape.length;
    return [
      fill([...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)], (at) => {
        const index = axis(pickExact(indices, at.slice(along, along + rank)), x.shape[along]);
        return pickExact(x, [...at.slice(0, along), index, ...at.slice(along + rank)]);
      }),
    ];
  },
  GatherElements: (inputs, node) => {
    const [x, indices] = [take(inputs, 0), take(inputs, 1)];
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    return [fill(indices.shape, (at) => pickExact(x, at.with(along, axis(pickExact(indices, at), x.shape[along]))))];
  },
  GatherND: (inputs, node) => {
    const [x, indices] = [take(inputs, 0), take(inputs, 1)];
    const batch = whole(node, 'batch_dims', 0);
    const outer = indices.shape.length - 1;
    return [
      fill(node.outputs[0].shape, (at) => {
        const named = coordinates(indices, at.slice(0, outer), x.shape.slice(batch));
        return pickExact(x, [...at.slice(0, batch), ...named, ...at.slice(outer)]);
      }),
    ];
  },
  ScatterElements: scatter,
  ScatterND: (inputs, node) => {
    const [x, indices, updates] = [take(inputs, 0), take(inputs, 1), take(inputs, 2)];
    const outer = indices.shape.length - 1;
    const data = x.data.slice();
    const steps = stepsOf(x.shape);
    const left = written(node);
    fill(updates.shape, (at) => {
      const to = [...coordinates(indices, at.slice(0, outer), x.shape), ...at.slice(outer)];
      const place = to.reduce((sum, a, i) => sum + a * steps[i], 0);
      data[place] = left(data[place], pickExact(updates, at));
      return 0;
    });
    return [{ shape: x.shape, data }];
  },
} satisfies Partial<Record<OpName, Kernel>>;
