import { GraphError } from '../graph-error.ts';
import { windowOf } from '../ops/window.ts';
import { integer, integers, isIntegers, shapeText, text } from '../rule.ts';
import { numbers } from '../tensor.ts';
import type { Attribute, Value } from '../value.ts';
import { asIs, need, type Reader, type Reading, whole } from './reading.ts';

type Changes = Record<string, Attribute | undefined>;

/** The attributes of a window with `auto_pad` resolved for the size at hand. */
function explicitPads(of: Reading, kernel: readonly number[]): Changes {
  const { attributes, node } = of;
  const automatic = text(attributes, 'auto_pad', 'NOTSET');
  if (automatic === 'NOTSET' || automatic === 'VALID') return automatic === 'VALID' ? { pads: undefined } : {};
  const sizes = need(of, 0).shape.slice(2);
  const { strides, dilations } = windowOf({ op: node.op, attributes: { ...attributes, auto_pad: 'VALID' } }, kernel);
  const totals = sizes.map((size, i) => {
    const reach = (kernel[i] - 1) * dilations[i] + 1;
    return Math.max(0, (Math.ceil(size / strides[i]) - 1) * strides[i] + reach - size);
  });
  return { auto_pad: undefined, pads: halves(totals, automatic === 'SAME_UPPER') };
}

/** Pads that split each total, the larger half at the end or at the beginning. */
function halves(totals: readonly number[], atEnd: boolean): number[] {
  const begins = totals.map((total) => (atEnd ? Math.floor(total / 2) : Math.ceil(total / 2)));
  return [...begins, ...totals.map((total, i) => total - begins[i])];
}

function readConv(of: Reading): readonly Value[] {
  const kernel = need(of, 1).shape.slice(2);
  return asIs(of, { attributes: explicitPads(of, kernel) });
}

/** The size of the result may be given instead of the pads. */
function readConvTranspose(of: Reading): readonly Value[] {
  const { attributes, node } = of;
  const kernel = need(of, 1).shape.slice(2);
  const sizes = need(of, 0).shape.slice(2);
  const automatic = text(attributes, 'auto_pad', 'NOTSET');
  const same = automatic.startsWith('SAME');
  const wanted = attributes['output_shape'];
  if (!same && !isIntegers(wanted)) return asIs(of);
  const { strides, dilations } = windowOf({ op: node.op, attributes: { ...attributes, auto_pad: 'VALID' } }, kernel);
  const extra = integers(
    attributes,
    'output_padding',
    kernel.map(() => 0),
  );
  const goal = isIntegers(wanted) ? wanted.slice(-sizes.length) : sizes.map((size, i) => size * strides[i]);
  const totals = sizes.map(
    (size, i) => strides[i] * (size - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1 - goal[i],
  );
  if (totals.some((total) => total < 0)) {
    throw new GraphError(`the result is to have the size ${shapeText(goal)}, which is more than its windows reach`);
  }
  const pads = halves(totals, automatic === 'SAME_UPPER');
  return asIs(of, { attributes: { auto_pad: undefined, output_shape: undefined, pads } });
}

function readPool(of: Reading): readonly Value[] {
  const kernel = integers(of.attributes, 'kernel_shape', []);
  return asIs(of, { attributes: { ...explicitPads(of, kernel), storage_order: undefined } });
}

const coordinateModes = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];

/** Resize read as `x` times scales and by floor in opset 10, as Upsample did in 9. */
function readOldResize(of: Reading): readonly Value[] {
  const { g, attributes } = of;
  const mode = text(attributes, 'mode', 'nearest');
  return g.nodes('Resize', [need(of, 0), null, need(of, 1)], {
    mode: mode === 'bilinear' ? 'linear' : mode,
    coordinate_transformation_mode: 'asymmetric',
    ...(mode === 'nearest' && { nearest_mode: 'floor' }),
  });
}

function readResize(of: Reading): readonly Value[] {
  const { g, opset, attributes, inputs } = of;
  if (opset === 10) return readOldResize(of);
  const x = need(of, 0);
  const coordinates = text(attributes, 'coordinate_transformation_mode', 'half_pixel');
  const policy = text(attributes, 'keep_aspect_ratio_policy', 'stretch');
  if (!coordinateModes.includes(coordinates)) {
    throw new GraphError(`coordinates '${coordinates}' are not known, expected ${coordinateModes.join(', ')}`);
  }
  if (policy !== 'stretch' || integer(attributes, 'exclude_outside', 0) === 1) {
    throw new GraphError('keep_aspect_ratio_policy and exclude_outside are not known; expected plain stretching');
  }
  const axes = integers(
    attributes,
    'axes',
    x.shape.map((_, axis) => axis),
  ).map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const [scales, sizes] = [2, 3].map((index) => {
    const value = inputs[index];
    return value && value.shape[0] !== 0 ? value : null;
  });
  const given = sizes ?? scales;
  const odd = axes.find((axis) => !(axis in x.shape));
  if (!given || given.shape.length !== 1 || given.shape[0] !== axes.length || odd !== undefined) {
    throw new GraphError(
      `sizes or scales ${shapeText(given?.shape ?? [])} do not fit the axes ${shapeText(axes)} of ${shapeText(x.shape)}`,
    );
  }
  return asIs(of, {
    inputs: sizes ? [x, null, null, whole(g, numbersOf(of, sizes))] : [x, null, scales],
    attributes: {
      exclude_outside: undefined,
      keep_aspect_ratio_policy: undefined,
      extrapolation_value: undefined,
      ...('axes' in attributes && { axes }),
    },
  });
}

function numbersOf({ g }: Reading, value: Value): number[] {
  const found = g.known(value);
  if (!found) throw new GraphError('its sizes must be constants');
  return numbers(found);
}

const samplingModes: Readonly<Record<string, string>> = { linear: 'bilinear', cubic: 'bicubic' };

/** Ops on images: windows and resampling. */
export const windowReaders: Readonly<Record<string, Reader>> = {
  AveragePool: readPool,
  Conv: readConv,
  ConvTranspose: readConvTranspose,
  GlobalMaxPool: (of) => {
    const { shape } = need(of, 0);
    return of.g.nodes(
      'ReduceMax',
      [
        need(of, 0),
        whole(
          of.g,
          shape.flatMap((_, axis) => (axis < 2 ? [] : [axis])),
        ),
      ],
      {
        keepdims: 1,
      },
    );
  },
  GridSample: (of) => {
    const mode = text(of.attributes, 'mode', 'bilinear');
    return asIs(of, { attributes: { mode: samplingModes[mode] ?? mode } });
  },
  MaxPool: readPool,
  Resize: readResize,
  Upsample: readOldResize,
};
