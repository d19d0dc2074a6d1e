import type { OpName } from '../../core/graph/op-name.ts';
import { axis, common, fill, list, pick, pickExact, take, whole, word, type Kernel } from './interpreter-arrays.ts';

const regroup: Kernel = (inputs, node) => [{ shape: node.outputs[0].shape, data: take(inputs, 0).data }];

const slice: Kernel = (inputs) => {
  const x = take(inputs, 0);
  const [starts, ends] = [take(inputs, 1).data, take(inputs, 2).data];
  const axes = inputs[3] ? Array.from(inputs[3].data, (a) => axis(a, x.shape.length)) : [...starts.keys()];
  const places = x.shape.map((size, i) => {
    const k = axes.indexOf(i);
    const all = [...Array(size).keys()];
    if (k < 0) return all;
    const step = inputs[4]?.data[k] ?? 1;
    const from = starts[k] < 0 ? starts[k] + size : starts[k];
    const to = ends[k] < 0 && ends[k] >= -size ? ends[k] + size : ends[k] < -size ? -1 : ends[k];
    const found: number[] = [];
    if (step > 0) for (let p = Math.max(from, 0); p < Math.min(to, size); p += step) found.push(p);
    else for (let p = Math.min(Math.max(from, 0), size - 1); p > to; p += step) found.push(p);
    return found;
  });
  return [
    fill(
      places.map((found) => found.length),
      (at) =>
        pickExact(
          x,
          at.map((a, i) => places[i][a]),
        ),
    ),
  ];
};

const pad: Kernel = (inputs, node) => {
  const x = take(inputs, 0);
  const pads = take(inputs, 1).data;
  const axes = inputs[3] ? Array.from(inputs[3].data, (a) => axis(a, x.shape.length)) : x.shape.map((_, i) => i);
  const value = inputs[2]?.data[0] ?? 0;
  const mode = word(node, 'mode', 'constant');
  const begins = x.shape.map((_, i) => (axes.includes(i) ? pads[axes.indexOf(i)] : 0));
  const shape = x.shape.map(
    (size, i) => size + (axes.includes(i) ? pads[axes.indexOf(i)] + pads[axes.indexOf(i) + axes.length] : 0),
  );
  return [
    fill(shape, (at) => {
      const from = at.map((a, i) => {
        const p = a - begins[i];
        const last = x.shape[i] - 1;
        if (mode === 'edge') return Math.min(Math.max(p, 0), last);
        if (mode === 'reflect') return p < 0 ? -p : p > last ? 2 * last - p : p;
        return p;
      });
      return from.every((p, i) => p >= 0 && p < x.shape[i]) ? pickExact(x, from) : value;
    }),
  ];
};

const concat: Kernel = (inputs, node) => {
  const values = inputs.map((_, i) => take(inputs, i));
  const along = axis(whole(node, 'axis', 0), values[0].shape.length);
  const shape = values[0].shape.with(
    along,
    values.reduce((sum, value) => sum + value.shape[along], 0),
  );
  return [
    fill(shape, (at) => {
      let place = at[along];
      const value = values.find(({ shape: own }) => place < own[along] || ((place -= own[along]), false));
      return value ? pickExact(value, at.with(along, place)) : NaN;
    }),
  ];
};

/** Ops that move, repeat, cut or regroup elements. */
export const movementKernels = {
  Expand: (inputs) => {
    const [x, shape] = [take(inputs, 0), Array.from(take(inputs, 1).data)];
    return [fill(common(x, { shape, data: new Float64Array() }), (at) => pick(x, at))];
  },
  Split: (inputs, node) => {
    const x = take(inputs, 0);
    const along = axis(whole(node, 'axis', 0), x.shape.length);
    let start = 0;
    return node.outputs.map(({ shape }) => {
      const from = start;
      start += shape[along];
      return fill(shape, (at) => pickExact(x, at.with(along, at[along] + from)));
    });
  },
  Tile: (inputs, node) => {
    const x = take(inputs, 0);
    return [
      fill(node.outputs[0].shape, (at) =>
        pickExact(
          x,
          at.map((a, i) => a % x.shape[i]),
        ),
      ),
    ];
  },
  Transpose: (inputs, node) => {
    const x = take(inputs, 0);
    const order = list(node, 'perm', x.shape.map((_, i) => i).reverse());
    return [
      fill(
        order.map((a) => x.shape[a]),
        (at) =>
          pickExact(
            x,
            x.shape.map((_, i) => at[order.indexOf(i)]),
          ),
      ),
    ];
  },
  ConstantOfShape: (inputs, node) => {
    const value = node.attributes['value'];
    const [filling] = typeof value === 'object' && 'dtype' in value ? Array.from(value.data, Number) : [0];
    return [fill(Array.from(take(inputs, 0).data), () => filling)];
  },
  Shape: (inputs, node) => {
    const { shape } = take(inputs, 0);
    const part = shape.slice(whole(node, 'start', 0), whole(node, 'end', shape.length));
    return [{ shape: [part.length], data: Float64Array.from(part) }];
  },
  Concat: concat,
  Pad: pad,
  Slice: slice,
  Flatten: regroup,
  Reshape: regroup,
  Squeeze: regroup,
  Unsqueeze: regroup,
} satisfies Partial<Record<OpName, Kernel>>;
