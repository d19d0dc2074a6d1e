import type { OpName } from '../../core/graph/op-name.ts';
import { axis, fill, type Kernel, type Numbers, pickExact, real, take, whole } from './interpreter-arrays.ts';

/** (x - mean) / sqrt(variance + epsilon), both over all elements that share the given axes' coordinates. */
function standardised(x: Numbers, shared: readonly number[], epsilon: number): Numbers {
  const groups = new Map<string, number[]>();
  const keyOf = (at: readonly number[]): string => shared.map((i) => at[i]).join();
  fill(x.shape, (at) => {
    const value = pickExact(x, at);
    groups.set(keyOf(at), [...(groups.get(keyOf(at)) ?? []), value]);
    return value;
  });
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return fill(x.shape, (at) => {
    const values = groups.get(keyOf(at)) ?? [];
    const centre = mean(values);
    return (pickExact(x, at) - centre) / Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) + epsilon);
  });
}

/** Normalisations. */
export const normalisationKernels = {
  BatchNormalization: (inputs, node) => {
    const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => take(inputs, i));
    const epsilon = real(node, 'epsilon', 1e-5);
    return [
      fill(x.shape, (at) => {
        const c = at[1];
        const normal = (pickExact(x, at) - mean.data[c]) / Math.sqrt(variance.data[c] + epsilon);
        return normal * scale.data[c] + bias.data[c];
      }),
    ];
  },
  InstanceNormalization: (inputs, node) => {
    const [x, scale, bias] = [0, 1, 2].map((i) => take(inputs, i));
    const normal = standardised(x, [0, 1], real(node, 'epsilon', 1e-5));
    return [fill(x.shape, (at) => pickExact(normal, at) * scale.data[at[1]] + bias.data[at[1]])];
  },
  LayerNormalization: (inputs, node) => {
    const [x, scale] = [take(inputs, 0), take(inputs, 1)];
    const first = axis(whole(node, 'axis', -1), x.shape.length);
    const normal = standardised(x, [...Array(first).keys()], real(node, 'epsilon', 1e-5));
    return [
      fill(x.shape, (at) => {
        const inner = at.slice(first);
        return pickExact(normal, at) * pickExact(scale, inner) + (inputs[2] ? pickExact(inputs[2], inner) : 0);
      }),
    ];
  },
} satisfies Partial<Record<OpName, Kernel>>;
