import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { float32 } from '../graph/tensor.ts';
import { openSession, type PortInfo, type Session, type SessionOptions } from '../runtime/session.ts';
import { normalise, readNormalisation, type InputNormalisation } from './encoder-input.ts';
import { type Describe, type FeatureMaps, probeOffset } from './encoder-probe.ts';

/** A network that turns images into feature maps. Its memory is held until `dispose`. */
export interface Encoder {
  /** File and output, as a person would write them: `FILE.onnx#output`. */
  readonly name: string;
  /** The bytes of the ONNX file, and which of its ports are used. */
  readonly model: Uint8Array;
  readonly inputName: string;
  readonly outputName: string;
  readonly normalisation: InputNormalisation;
  readonly channels: number;
  /** Pixels between neighbouring cells. Widths and heights should be multiples of it. */
  readonly stride: number;
  /** Pixel coordinate (corner frame) of the centre of cell 0; the centre of cell i is `offset + stride * i`. */
  readonly offset: number;
  /** The only size in pixels that the network takes, where there is only one. */
  readonly fixedSize: { readonly width: number; readonly height: number } | undefined;
  /**
   * Describes `count` images `[count, 3, height, width]`, RGB 0..1. The thread is blocked for one image at a time.
   * **Throws** CongealError `model-unsuitable` when the network does not take this size.
   */
  describe(rgb: Float32Array, count: number, height: number, width: number): Promise<FeatureMaps>;
  dispose(): Promise<void>;
}

/**
 * Loads an encoder given as `FILE.onnx` or `FILE.onnx#output` and finds its stride and cell centres by probing it.
 *
 * Any network fits that takes images `[N, 3, H, W]` float32 and gives maps `[N, C, h, w]`; without `#output` the first
 * output of four dimensions is taken.
 *
 * **Throws** CongealError `input-missing`, `input-unreadable`, `model-invalid` or `model-unsuitable`.
 */
export async function loadEncoder(specification: string, options: SessionOptions = {}): Promise<Encoder> {
  const hash = specification.lastIndexOf('#');
  const [path, output] =
    hash < 0 ? [specification, undefined] : [specification.slice(0, hash), specification.slice(hash + 1)];
  return openEncoder(await readModel(path), basename(path), output, options);
}

/**
 * The same from the bytes of an ONNX file; `name` is how messages call it.
 *
 * **Throws** CongealError `model-invalid` or `model-unsuitable`.
 */
export async function openEncoder(
  model: Uint8Array,
  name: string,
  output?: string,
  options: SessionOptions = {},
): Promise<Encoder> {
  const session = await open(model, name, options);
  try {
    const input = onlyInput(session, name);
    const fixedSize = fixedSizeOf(input, name);
    const outputName = chooseOutput(session, name, output);
    const normalisation = readNormalisation(model, name);
    const describe = describer(session, input, outputName, normalisation, name);
    const found = await examine(describe, fixedSize, name);
    return {
      name: output === undefined ? name : `${name}#${output}`,
      model,
      inputName: input.name,
      outputName,
      normalisation,
      describe,
      ...found,
      dispose: () => session.dispose(),
    };
  } catch (error) {
    await session.dispose();
    throw error;
  }
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing
      ? new CongealError('input-missing', `There is no encoder file ${path}. Check its path.`, { cause })
      : new CongealError(
          'input-unreadable',
          `The encoder file ${path} cannot be read: ${String(cause)}. Check the disk and its permissions.`,
          { cause },
        );
  }
}

async function open(model: Uint8Array, name: string, options: SessionOptions): Promise<Session> {
  try {
    return await openSession(model, options);
  } catch (cause) {
    if (!(cause instanceof CongealError) || cause.code === 'unsupported') throw cause;
    throw new CongealError(
      cause.code,
      `${name} cannot be used as an encoder. ${sentence(cause.message)} ${otherwise}`,
      {
        cause,
      },
    );
  }
}

function onlyInput({ inputs }: Session, name: string): PortInfo {
  const [input] = inputs;
  if (inputs.length !== 1)
    throw unsuitable(name, `it has ${inputs.length} inputs (${listed(inputs)}), an encoder has one, the pixels`);
  const { dtype, shape } = input;
  if (dtype !== 'float32' || shape.length !== 4 || (typeof shape[1] === 'number' && shape[1] !== 3))
    throw unsuitable(name, `its input ${portText(input)} is not a batch of images float32 [N, 3, H, W]`);
  if (typeof shape[0] === 'number' && shape[0] !== 1)
    throw unsuitable(
      name,
      `it takes batches of exactly ${shape[0]} images`,
      'Export it with a batch size of 1 or any.',
    );
  return input;
}

function fixedSizeOf({ shape }: PortInfo, name: string): Encoder['fixedSize'] {
  const [, , height, width] = shape;
  if (typeof height !== typeof width)
    throw unsuitable(
      name,
      `only one side of its input is fixed ([${shape.join(', ')}])`,
      'Export it with both fixed, or none.',
    );
  return typeof height === 'number' && typeof width === 'number' ? { width, height } : undefined;
}

function chooseOutput({ outputs }: Session, name: string, wanted: string | undefined): string {
  const looksRight = ({ dtype, shape }: PortInfo): boolean => dtype === 'float32' && shape.length === 4;
  const chosen = wanted === undefined ? outputs.find(looksRight) : outputs.find((port) => port.name === wanted);
  if (!chosen)
    throw wanted === undefined
      ? unsuitable(name, `none of its outputs is a map float32 [N, C, h, w]: ${outputs.map(portText).join('; ')}`)
      : unsuitable(name, `it has no output '${wanted}'; its outputs are ${listed(outputs)}`, nameOutput);
  if (!looksRight(chosen))
    throw unsuitable(name, `its output ${portText(chosen)} is not a map float32 [N, C, h, w]`, nameOutput);
  return chosen.name;
}

function describer(
  session: Session,
  input: PortInfo,
  outputName: string,
  normalisation: InputNormalisation,
  name: string,
): Describe {
  return async (rgb, count, height, width) => {
    const plane = height * width;
    const maps: Float32Array[] = [];
    let shape: readonly number[] = [];
    for (let n = 0; n < count; n++) {
      const pixels = normalise(rgb.subarray(n * 3 * plane, (n + 1) * 3 * plane), plane, normalisation);
      const result = await runOne(session, input, outputName, pixels, height, width, name);
      shape = result.shape;
      maps.push(result.data);
    }
    const [, channels, mapHeight, mapWidth] = shape;
    return { data: joined(maps), channels, height: mapHeight, width: mapWidth };
  };
}

async function runOne(
  session: Session,
  input: PortInfo,
  outputName: string,
  pixels: Float32Array,
  height: number,
  width: number,
  name: string,
): Promise<{ readonly shape: readonly number[]; readonly data: Float32Array }> {
  let result;
  try {
    result = (await session.run({ [input.name]: float32(pixels, [1, 3, height, width]) }, [outputName]))[outputName];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CongealError(
      'model-unsuitable',
      `${name} cannot describe an image of ${width} x ${height} pixels. ${sentence(reason)} ` +
        'Export it so that height and width may be any, or choose another encoder.',
      { cause },
    );
  }
  if (result.dtype !== 'float32' || result.shape.length !== 4)
    throw unsuitable(name, `its output '${outputName}' is [${result.shape.join(', ')}], not a map [N, C, h, w]`);
  return { shape: result.shape, data: result.data };
}

type Lattice = Pick<Encoder, 'channels' | 'stride' | 'offset' | 'fixedSize'>;

/** Runs the network to find what it says nothing about: channels, stride, cell centres, and sizes it cannot take. */
async function examine(describe: Describe, declared: Encoder['fixedSize'], name: string): Promise<Lattice> {
  const hidden = declared ? undefined : await hiddenFixedSize(describe);
  const fixedSize = declared ?? hidden;
  if (fixedSize) {
    const { width, height } = fixedSize;
    const maps = await describe(grey(width, height), 1, height, width);
    checkMaps(maps, width, height, name);
    const stride = wholeStride(width / maps.width);
    return {
      channels: maps.channels,
      stride,
      fixedSize,
      offset: await probeOffset(describe, fixedSize, fixedSize, stride),
    };
  }
  const small = await describe(grey(256, 128), 1, 128, 256);
  const large = await describe(grey(512, 128), 1, 128, 512);
  checkMaps(large, 512, 128, name);
  const stride = wholeStride(256 / (large.width - small.width));
  const length = Math.max(128, 16 * stride);
  const breadth = Math.max(64, 4 * stride);
  const across = { width: length, height: breadth };
  const along = { width: breadth, height: length };
  return {
    channels: large.channels,
    stride,
    fixedSize,
    offset: await probeOffset(describe, across, along, stride),
  };
}

/** Some networks declare any size and yet run at one only. **Throws** what the network says when it takes neither. */
async function hiddenFixedSize(describe: Describe): Promise<Encoder['fixedSize']> {
  try {
    await describe(grey(256, 128), 1, 128, 256);
    return undefined;
  } catch (error) {
    const size = { width: 224, height: 224 };
    try {
      await describe(grey(size.width, size.height), 1, size.height, size.width);
      return size;
    } catch {
      throw error;
    }
  }
}

function checkMaps(maps: FeatureMaps, width: number, height: number, name: string): void {
  const { channels } = maps;
  const tooSmall = maps.width < 2 || maps.height < 2 || maps.width > width || maps.height > height;
  if (!tooSmall && maps.data.every((value) => Number.isFinite(value))) return;
  const found = `${channels} channels of ${maps.width} x ${maps.height} cells for ${width} x ${height} pixels`;
  throw unsuitable(name, tooSmall ? `it gives ${found}, which is not a map of the image` : `it gives NaN or infinity`);
}

/** Strides are whole; where borders make the quotient uneven, the nearest power of two. */
function wholeStride(quotient: number): number {
  return Number.isInteger(quotient) ? quotient : 2 ** Math.max(0, Math.round(Math.log2(quotient)));
}

function grey(width: number, height: number): Float32Array {
  return new Float32Array(3 * width * height).fill(0.5);
}

function joined(maps: readonly Float32Array[]): Float32Array {
  if (maps.length === 1) return maps[0];
  const all = new Float32Array(maps.reduce((length, map) => length + map.length, 0));
  let at = 0;
  for (const map of maps) {
    all.set(map, at);
    at += map.length;
  }
  return all;
}

function listed(ports: readonly PortInfo[]): string {
  return ports.map(({ name }) => `'${name}'`).join(', ');
}

function portText({ name, dtype, shape }: PortInfo): string {
  return `'${name}' ${dtype} [${shape.join(', ')}]`;
}

const otherwise =
  'Choose a network from images float32 [N, 3, H, W] to maps float32 [N, C, h, w], or the built-in gradients.';
const nameOutput = 'Name one that is a map after the #, or choose another encoder.';

function unsuitable(name: string, reason: string, advice: string = otherwise): CongealError {
  return new CongealError('model-unsuitable', `${name} cannot be used as an encoder: ${reason}. ${advice}`);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
