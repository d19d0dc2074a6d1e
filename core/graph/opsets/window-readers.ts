import { GraphError } from '../graph-error.ts';
import { integer, integers, shapeText, text } from '../rule.ts';
import type { Value } from '../value.ts';
import { asIs, knownNumbers, need, type Reader, type Reading, whole } from './reading.ts';

const coordinateModes = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];

/**
 * Resize read as `x` times scales in opset 10, as Upsample did in 9: the nearest is by floor along axes that grow and by
 * ceil along those that shrink, as ONNX Runtime does and the examples of the specification say.
 */
function readOldResize(of: Reading): readonly Value[] {
  const { g, attributes } = of;
  const mode = text(attributes, 'mode', 'nearest');
  const asymmetric = { coordinate_transformation_mode: 'asymmetric' };
  const [x, scales] = [need(of, 0), need(of, 1)];
  if (mode !== 'nearest')
    return g.nodes('Resize', [x, null, scales], { mode: mode === 'bilinear' ? 'linear' : mode, ...asymmetric });
  const factors = knownNumbers(of, 1) ?? [];
  const by = (part: readonly number[]): Value => g.constant([...part], [part.length]);
  const nearest = (image: Value, factor: Value, nearest_mode: string): readonly Value[] =>
    g.nodes('Resize', [image, null, factor], { mode, ...asymmetric, nearest_mode });
  if (factors.every((factor) => factor >= 1)) return nearest(x, scales, 'floor');
  const [grown] = nearest(x, by(factors.map((factor) => Math.max(factor, 1))), 'floor');
  return nearest(grown, by(factors.map((factor) => Math.min(factor, 1))), 'ceil');
}

function readResize(of: Reading): readonly Value[] {
  const { opset, attributes, inputs } = of;
  if (opset === 10) return readOldResize(of);
  const x = need(of, 0);
  const coordinates = text(attributes, 'coordinate_transformation_mode', 'half_pixel');
  if (!coordinateModes.includes(coordinates)) {
    throw new GraphError(`coordinates '${coordinates}' are not known, expected ${coordinateModes.join(', ')}`);
  }
  if (integer(attributes, 'exclude_outside', 0) === 1) throw new GraphError('exclude_outside is not known');
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
    inputs: sizes ? [x, null, null, sizes] : [x, null, scales],
    attributes: {
      exclude_outside: undefined,
      extrapolation_value: undefined,
    },
  });
}

const samplingModes: Readonly<Record<string, string>> = { linear: 'bilinear', cubic: 'bicubic' };

/** Ops on images: windows and resampling. */
export const windowReaders: Readonly<Record<string, Reader>> = {
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
  Resize: readResize,
  Upsample: readOldResize,
};
