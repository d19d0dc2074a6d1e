import type { OpName } from '../../core/graph/op-name.ts';
import { elementCount, type Tensor } from '../../core/graph/tensor.ts';
import type { Graph } from '../../core/graph/value.ts';
import type { Kernel, Numbers } from './interpreter-arrays.ts';
import { indexingKernels } from './interpreter-indexing.ts';
import { kernels } from './interpreter-kernels.ts';
import { movementKernels } from './interpreter-movement.ts';
import { normalisationKernels } from './interpreter-normalisation.ts';
import { samplingKernels } from './interpreter-sampling.ts';
import { windowKernels } from './interpreter-windows.ts';

/** The interpreter's array of a tensor. */
export function fromTensor({ shape, data, dtype }: Tensor): Numbers {
  return { shape, data: dtype === 'int64' ? Float64Array.from(data, Number) : Float64Array.from(data) };
}

/** The numbers of `list` as an array of the interpreter. */
export function array(list: ArrayLike<number>, shape: readonly number[]): Numbers {
  if (list.length !== elementCount(shape)) throw new Error(`${list.length} numbers for [${shape.join()}]`);
  return { shape, data: Float64Array.from(list) };
}

/** A float64 form of every op. Total: an op without one does not compile. */
export const interpreterKernels: Readonly<Record<OpName, Kernel>> = {
  ...indexingKernels,
  ...kernels,
  ...movementKernels,
  ...normalisationKernels,
  ...samplingKernels,
  ...windowKernels,
};

/** Evaluates a graph in float64 with plain loops that share nothing with the rules; returns outputs by name. */
export function interpret(graph: Graph, feeds: Readonly<Record<string, Numbers>>): Record<string, Numbers> {
  const values = new Map<string, Numbers>();
  for (const [id, constant] of Object.entries(graph.constants)) values.set(id, fromTensor(constant));
  for (const { name, value } of graph.inputs) values.set(value.id, feeds[name]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => (input ? (values.get(input.id) ?? null) : null));
    const results = interpreterKernels[node.op](inputs, node);
    node.outputs.forEach((output, i) => values.set(output.id, results[i]));
  }
  return Object.fromEntries(
    graph.outputs.map(({ name, value }) => {
      const found = values.get(value.id);
      if (!found) throw new Error(`'${name}' has no value`);
      return [name, found];
    }),
  );
}
