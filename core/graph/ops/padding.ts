import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  type Inferred,
  inputOf,
  type OpCall,
  type OpRule,
  required,
  requiredNumbers,
  text,
} from '../rule.ts';
import type { Node, Value } from '../value.ts';
import { multiplyAlong } from './axis-product.ts';
import { type Operand, operand } from './broadcast.ts';
import { slice } from './movement.ts';

function infer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const pads = requiredNumbers(call, 1);
  const axes = call.inputs[3] ? requiredNumbers(call, 3) : shape.map((_, axis) => axis);
  const mode = text(call.attributes, 'mode', 'constant');
  if (pads.length !== 2 * axes.length) {
    throw new GraphError(`Pad: ${pads.length} pads for ${axes.length} axes, expected all begins, then all ends`);
  }
  if (!['constant', 'edge', 'reflect'].includes(mode)) {
    throw new GraphError(`Pad: mode '${mode}' is unknown, expected 'constant', 'edge' or 'reflect'`);
  }
  const sizes = [...shape];
  axes.forEach((axis, i) => {
    const along = axisOf('Pad', axis, shape.length);
    const widest = Math.max(pads[i], pads[i + axes.length]);
    if (mode === 'reflect' && widest >= Math.max(1, shape[along])) {
      throw new GraphError(
        `Pad: axis ${along} of size ${shape[along]} has only ${shape[along] - 1} elements to reflect, not ${widest}`,
      );
    }
    sizes[along] += pads[i] + pads[i + axes.length];
  });
  return [{ shape: sizes, dtype }];
}

/** Pads by axis, counted from the front. */
function padsOf(g: Builder, node: Node): { axis: number; before: number; after: number }[] {
  const { shape } = inputOf(node, 0);
  const numbers = (of: Value | null | undefined): number[] | undefined =>
    of ? Array.from(g.known(of)?.data ?? [], Number) : undefined;
  const pads = numbers(inputOf(node, 1)) ?? [];
  const axes = numbers(node.inputs[3]) ?? shape.map((_, axis) => axis);
  return axes.map((axis, i) => ({
    axis: axisOf('Pad', axis, shape.length),
    before: pads[i],
    after: pads[i + axes.length],
  }));
}

/** Taking away what was added: one Slice, or a Pad of the opposite sizes where elements had been taken off. */
function unpadded(g: Builder, node: Node, dy: Value): Value {
  const { shape } = inputOf(node, 0);
  const all = padsOf(g, node);
  const axes = all.map(({ axis }) => axis);
  const begins = all.map(({ before }) => before);
  if (all.some(({ before, after }) => before < 0 || after < 0)) {
    const sizes = [...begins, ...all.map(({ after }) => after)];
    return pad(g, dy, { pads: sizes.map((size) => -size), axes });
  }
  const ends = all.map(({ axis, before }) => before + shape[axis]);
  return slice(g, dy, { starts: begins, ends, axes });
}

/** Elements that padding shows again gather the gradient of all their images: a product along each padded axis. */
function folded(g: Builder, node: Node, dy: Value, mode: string): Value {
  const { shape } = inputOf(node, 0);
  let result = dy;
  for (const { axis, before, after } of padsOf(g, node)) {
    if (before === 0 && after === 0) continue;
    const size = shape[axis];
    const images = dy.shape[axis];
    const first = Math.max(0, -before);
    const last = size - 1 - Math.max(0, -after);
    const matrix = new Float32Array(images * size);
    for (let image = 0; image < images; image++) {
      const at = image - before;
      const held = Math.min(Math.max(at, first), last);
      matrix[image * size + (mode === 'edge' ? held : 2 * held - at)] = 1;
    }
    result = multiplyAlong(g, result, axis, matrix, size);
  }
  return result;
}

/** More elements at the ends of axes. */
export const padRules = {
  Pad: {
    infer,
    gradient: (g, node, dy) => {
      const mode = text(node.attributes, 'mode', 'constant');
      return [mode === 'constant' ? unpadded(g, node, dy) : folded(g, node, dy, mode), null, null, null];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** How a pad fills: `pads` lists all begins, then all ends, of `axes` (all by default). */
export interface Padding {
  readonly pads: readonly number[];
  readonly axes?: readonly number[];
  readonly mode?: 'constant' | 'edge' | 'reflect';
  readonly value?: Operand;
}

/** x with more elements at the ends of its axes (fewer where a pad is negative); no gradient reaches `value`. */
export function pad(g: Builder, x: Value, { pads, axes, mode = 'constant', value }: Padding): Value {
  const list = (of: readonly number[]): Value => g.constant([...of], [of.length], 'int64');
  const fill = value === undefined ? null : operand(g, value, x);
  return g.node('Pad', [x, list(pads), fill, axes ? list(axes) : null], { mode });
}
