import { createRandom } from '../../../../core/geometry/random.ts';
import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import { elementCount, tensor, type Tensor } from '../../../../core/graph/tensor.ts';
import type { Value } from '../../../../core/graph/value.ts';
import type { CaseInput, OpCase } from './op-case.ts';

/** The inputs of a case as tensors: as given, else drawn in their range, whole or 0 and 1 where the dtype asks for it. */
export function content({ inputs }: OpCase): Record<string, Tensor> {
  const random = createRandom(7);
  const draw = ({ dtype = 'float32', range: [low, high] = [-1, 1] }: CaseInput): number => {
    const value = random.uniform(low, high);
    if (dtype === 'bool') return value > (low + high) / 2 ? 1 : 0;
    return dtype.startsWith('float') ? value : Math.round(value);
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      const data = input.data ?? Array.from({ length: elementCount(input.shape) }, () => draw(input));
      return [name, tensor(data, input.shape, input.dtype ?? 'float32')];
    }),
  );
}

/** Declares the inputs of a case and builds it. */
export function declare(g: GraphBuilder, { inputs, build }: OpCase): Value {
  const values = Object.entries(inputs).map(([name, { shape, dtype }]): [string, Value] => [
    name,
    g.input(name, shape, dtype),
  ]);
  return build(g, Object.fromEntries(values));
}

/** The inputs of a case whose gradient is checked. */
export function wantedOf({ inputs, wanted }: OpCase): readonly string[] {
  return wanted ?? Object.keys(inputs).filter((name) => (inputs[name].dtype ?? 'float32') === 'float32');
}
