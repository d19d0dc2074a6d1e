import { GraphError } from '../graph-error.ts';
import { axisOf, integer, integers, isIntegers, shapeText, text } from '../rule.ts';
import { elementCount, tensor, type Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { asIs, knownNumbers, listAsInput, need, needFixed, type Reader, type Reading, whole } from './reading.ts';

function constantOf({ attributes }: Reading): Tensor {
  const { value, value_int: int, value_ints: ints, value_float: float, value_floats: floats } = attributes;
  if (typeof value === 'object' && 'dtype' in value) return value;
  if (typeof int === 'number') return tensor(int, [], 'int64');
  if (isIntegers(ints)) return tensor(ints, [ints.length], 'int64');
  if (typeof float === 'object' && 'float' in float) return tensor(float.float);
  if (typeof floats === 'object' && 'floats' in floats) return tensor(floats.floats);
  throw new GraphError('it holds no number that graphs know');
}

/** Ranges were attributes before opset 10. */
function readSlice(of: Reading): readonly Value[] {
  const { g, attributes, inputs } = of;
  const { starts, ends, axes } = attributes;
  if (inputs.length > 1 || !isIntegers(starts) || !isIntegers(ends)) return asIs(of);
  const along = isIntegers(axes) ? axes : starts.map((_, axis) => axis);
  return g.nodes('Slice', [inputs[0], whole(g, starts), whole(g, ends), whole(g, along)]);
}

/** Pads and the value were attributes before opset 11. */
function readPad(of: Reading): readonly Value[] {
  const { g, attributes } = of;
  const { pads, value } = attributes;
  const mode = text(attributes, 'mode', 'constant');
  if (mode !== 'constant' && mode !== 'edge' && mode !== 'reflect') {
    throw new GraphError(`the mode '${mode}' is not known, expected constant, edge or reflect`);
  }
  if (!isIntegers(pads)) return asIs(of);
  const x = need(of, 0);
  const fill = typeof value === 'object' && 'float' in value ? g.constant(value.float, [], x.dtype) : null;
  return g.nodes('Pad', [x, whole(g, pads), fill], { mode });
}

/** Parts were an attribute before opset 13, may be missing (equal parts), and are counted by an attribute since 18. */
function readSplit(of: Reading): readonly Value[] {
  const { g, attributes, node } = of;
  const x = need(of, 0);
  const count = node.outputs.length;
  const given = knownNumbers(of, 1);
  if (of.inputs[1] && !given) throw new GraphError('its parts (input 1) must be a constant, so that shapes are known');
  const told = given?.length ?? integer(attributes, 'num_outputs', count);
  if (told !== count) throw new GraphError(`it has ${count} outputs for ${told} parts, expected one each`);
  if (given ?? 'num_outputs' in attributes) return asIs(of);
  if (!('split' in attributes)) needFixed(of);
  const axis = axisOf('Split', integer(attributes, 'axis', 0), x.shape.length);
  const part = Math.ceil(x.shape[axis] / count);
  const equal = Array.from({ length: count }, (_, i) => Math.max(0, Math.min(part, x.shape[axis] - i * part)));
  const sizes = integers(attributes, 'split', equal);
  if (sizes.length !== count) throw new GraphError(`parts ${shapeText(sizes)} for ${count} outputs, expected one each`);
  return g.nodes('Split', [x, whole(g, sizes)], { axis });
}

/** `allowzero` (since 14) turns "keep this axis" into "an axis of size 0". */
function readReshape(of: Reading): readonly Value[] {
  const allowed = integer(of.attributes, 'allowzero', 0) === 1;
  if (allowed && knownNumbers(of, 1)?.includes(0)) throw new GraphError('it makes an axis of size 0 (allowzero)');
  return asIs(of, { attributes: { allowzero: undefined } });
}

/** The block size, having checked that x [N, C, H, W] can be cut into or built of such blocks. */
function blockOf(of: Reading, fits: (shape: readonly number[], block: number) => boolean): number {
  needFixed(of);
  const { shape } = need(of, 0);
  const block = integer(of.attributes, 'blocksize', 1);
  if (shape.length === 4 && block > 0 && fits(shape, block)) return block;
  throw new GraphError(`blocks of ${block} do not fit ${shapeText(shape)}, expected [N, C, H, W] that they divide`);
}

/** [N, C b b, H, W] to [N, C, H b, W b]. */
function readDepthToSpace(of: Reading): readonly Value[] {
  const { g, attributes } = of;
  const x = need(of, 0);
  const block = blockOf(of, (shape, size) => shape[1] % size ** 2 === 0);
  const [, c, h, w] = x.shape;
  const rows = attributes['mode'] === 'CRD';
  const apart = rows ? [0, c / block ** 2, block, block, h, w] : [0, block, block, c / block ** 2, h, w];
  const spread = g.node('Reshape', [x, whole(g, apart)]);
  const moved = g.node('Transpose', [spread], { perm: rows ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2] });
  return g.nodes('Reshape', [moved, whole(g, [0, c / block ** 2, h * block, w * block])]);
}

/** [N, C, H b, W b] to [N, b b C, H, W]. */
function readSpaceToDepth(of: Reading): readonly Value[] {
  const { g } = of;
  const x = need(of, 0);
  const block = blockOf(of, (shape, size) => shape[2] % size === 0 && shape[3] % size === 0);
  const [, c, h, w] = x.shape;
  const apart = g.node('Reshape', [x, whole(g, [0, c, h / block, block, w / block, block])]);
  const moved = g.node('Transpose', [apart], { perm: [0, 3, 5, 1, 2, 4] });
  return g.nodes('Reshape', [moved, whole(g, [0, c * block ** 2, h / block, w / block])]);
}

function readSize(of: Reading): readonly Value[] {
  needFixed(of);
  return [of.g.constant(elementCount(need(of, 0).shape), [], 'int64')];
}

/** A range whose bounds are known while the graph is built. */
function readRange(of: Reading): readonly Value[] {
  needFixed(of);
  const [[start], [limit], [step]] = [0, 1, 2].map((index) => knownNumbers(of, index) ?? []);
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!(count <= 2 ** 20 && [start, step].every(Number.isFinite)))
    throw new GraphError('its bounds must be constants, and at most 2^20 numbers apart');
  const list = Array.from({ length: count }, (_, i) => start + i * step);
  return [of.g.constant(list, [count], need(of, 0).dtype)];
}

/** Ops that move or make elements. */
export const movementReaders: Readonly<Record<string, Reader>> = {
  Constant: (of) => [of.g.constant(constantOf(of))],
  DepthToSpace: readDepthToSpace,
  Pad: readPad,
  Range: readRange,
  Reshape: readReshape,
  Scatter: (of) => asIs(of, { op: 'ScatterElements' }),
  Size: readSize,
  Slice: readSlice,
  SpaceToDepth: readSpaceToDepth,
  Split: readSplit,
  Squeeze: listAsInput('axes'),
  Unsqueeze: listAsInput('axes'),
};
