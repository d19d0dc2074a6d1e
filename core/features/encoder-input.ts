import { fromBinary } from '@bufbuild/protobuf';
import { CongealError } from '../contract/errors.ts';
import { modelSchema } from '../graph/onnx-schema.ts';

/** How RGB values 0..1 become the encoder's input: `value * scale + shift`, per channel in the encoder's order. */
export interface InputNormalisation {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
  /** Which of R, G, B (0, 1, 2) each channel of the input takes. */
  readonly order: readonly number[];
}

/** RGB, -1 for black and 1 for white: v / 127.5 - 1 of bytes. */
const usual: InputNormalisation = { scale: [2, 2, 2], shift: [-1, -1, -1], order: [0, 1, 2] };

/**
 * Reads from a model's metadata how it wants its pixels: `input_mean` and `input_std` (one number or three, for values
 * 0..1: fed is (v - mean) / std) and `input_order` (RGB or BGR). Without them: v / 127.5 - 1 of bytes, RGB.
 *
 * **Throws** CongealError `model-unsuitable` when an entry makes no sense.
 */
export function readNormalisation(model: Uint8Array, name: string): InputNormalisation {
  const metadata = readMetadata(model);
  const mean = numbersOf(metadata, 'input_mean', name);
  const deviation = numbersOf(metadata, 'input_std', name);
  const order = (metadata.get('input_order') ?? 'RGB').trim().toUpperCase();
  if (order !== 'RGB' && order !== 'BGR') throw unsuitable(name, 'input_order', order, 'RGB or BGR');
  if (deviation?.some((value) => value === 0)) throw unsuitable(name, 'input_std', '0', 'numbers that are not 0');
  const scale = deviation?.map((value) => 1 / value) ?? (mean ? [1, 1, 1] : usual.scale);
  const shift = mean?.map((value, c) => -value * scale[c]) ?? (deviation ? [0, 0, 0] : usual.shift);
  return { scale, shift, order: order === 'RGB' ? [0, 1, 2] : [2, 1, 0] };
}

/** Writes images `[count, 3, plane]`, RGB 0..1, as an encoder's input. */
export function normalise(rgb: Float32Array, plane: number, normalisation: InputNormalisation): Float32Array {
  const { scale, shift, order } = normalisation;
  const result = new Float32Array(rgb.length);
  for (let start = 0; start < rgb.length; start += plane) {
    const c = (start / plane) % 3;
    const from = start + (order[c] - c) * plane;
    for (let i = 0; i < plane; i++) result[start + i] = rgb[from + i] * scale[c] + shift[c];
  }
  return result;
}

function readMetadata(model: Uint8Array): Map<string, string> {
  return new Map(fromBinary(modelSchema, model).metadataProps.map(({ key, value }) => [key, value]));
}

function numbersOf(metadata: Map<string, string>, key: string, name: string): readonly number[] | undefined {
  const text = metadata.get(key);
  if (text === undefined) return undefined;
  const values = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  if (![1, 3].includes(values.length) || !values.every(Number.isFinite))
    throw unsuitable(name, key, text, 'one number or three');
  return values.length === 1 ? [values[0], values[0], values[0]] : values;
}

function unsuitable(name: string, key: string, found: string, expected: string): CongealError {
  return new CongealError(
    'model-unsuitable',
    `The metadata of ${name} says ${key} = '${found}'; expected ${expected}. Correct the model's metadata.`,
  );
}
