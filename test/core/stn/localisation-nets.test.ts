import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { squaredError } from '../../../core/graph/ops/loss.ts';
import { neg } from '../../../core/graph/ops/elementwise.ts';
import { reduceMean } from '../../../core/graph/ops/reduce.ts';
import { adam, adamState } from '../../../core/graph/optimisers.ts';
import { elementCount, float32, scalar, type Tensor } from '../../../core/graph/tensor.ts';
import type { Value } from '../../../core/graph/value.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';
import { createNetwork, parameterConstants, parameterInputs } from '../../../core/stn/layers.ts';
import { attentionAt, heatMapNet, regressionNet, type InputShape } from '../../../core/stn/localisation-nets.ts';
import { transformerNodes } from '../../../core/stn/sampler-nodes.ts';

const random = createRandom(2);
const counted = (initial: Readonly<Record<string, Tensor>>): number =>
  Object.values(initial).reduce((sum, { shape }) => sum + elementCount(shape), 0);

/** Runs a graph with images `x` of any number and returns its outputs. */
async function evaluate(
  build: (g: GraphBuilder, x: Value) => Record<string, Value>,
  input: InputShape,
  count: number,
): Promise<Record<string, Tensor>> {
  const g = new GraphBuilder();
  const x = g.input('x', [1, ...input], 'float32', { 0: 'n' });
  for (const [name, value] of Object.entries(build(g, x))) g.output(name, value, { 0: 'n' });
  const session = await openSession(encode(g.build()), { threads: 1 });
  const data = Float32Array.from({ length: count * elementCount(input) }, () => random.uniform());
  const outputs = await session.run({ x: float32(data, [count, ...input]) });
  await session.dispose();
  return outputs;
}

describe('regression networks', () => {
  const cases = [
    ['colocalisation', 'attention', [1, 84, 84], 5947, [1, 0, 0]],
    ['dense', 'affine', [1, 40, 40], 1600 * 20 + 20 + 20 * 6 + 6, [1, 0, 0, 0, 1, 0]],
    ['convolutional', 'similarity', [3, 60, 60], 1500 + 20 + 10_000 + 20 + 1620 * 50 + 50 + 204, [0, 0, 0, 0]],
  ] as const;
  for (const [name, family, input, size, identity] of cases) {
    it(`${name}: ${size} parameters, starts as a plain crop for any number of images`, async () => {
      const net = regressionNet(name, family, input, random);
      expect(counted(net.initial)).toBe(size);
      const { theta } = await evaluate(
        (g, x) => ({ theta: net.apply(g, x, parameterConstants(g, net.initial)) }),
        input,
        3,
      );
      expect(theta.shape).toEqual([3, identity.length]);
      expect([...(theta.data as Float32Array)]).toEqual([...identity, ...identity, ...identity]);
    });
  }

  it('start where they are told to, with the same weights for the same seed', () => {
    const make = (seed: number): Readonly<Record<string, Tensor>> =>
      regressionNet([{ kind: 'dense', units: 4 }], 'attention', [1, 3, 3], createRandom(seed), [0.5, 0, 0]).initial;
    expect(make(1)).toEqual(make(1));
    expect(make(1)['locate.1.weight'].data).not.toEqual(make(2)['locate.1.weight'].data);
    expect(make(1)['locate.2.bias'].data).toEqual(Float32Array.of(0.5, 0, 0));
  });

  it('spread weights by the number of inputs', () => {
    const layers = [
      { kind: 'conv', channels: 32, kernel: 5 },
      { kind: 'dense', units: 5, activation: 'tanh' },
    ] as const;
    const { initial } = createNetwork(layers, { prefix: 'n', input: [16, 6, 6], random });
    const variance = (name: string): number => {
      const data = initial[name].data as Float32Array;
      return data.reduce((sum, value) => sum + value * value, 0) / data.length;
    };
    expect(variance('n.1.weight') * 16 * 25).toBeCloseTo(2, 0);
    expect(Math.abs(variance('n.2.weight') * 128 - 1)).toBeLessThan(0.3);
  });

  it('say which layer does not fit', () => {
    expect(() => regressionNet('colocalisation', 'attention', [1, 8, 8], random)).toThrow("Layer 1 (conv) of 'locate'");
    expect(() => regressionNet('dense', 'attention', [1, 8, 8], random, [1, 0])).toThrow('ends in 3 numbers');
  });
});

describe('the heat-map network', () => {
  it('attends evenly at first, to cells that are where they say', async () => {
    const input = [1, 84, 84] as const;
    const net = heatMapNet(input, random);
    expect([net.rows, net.columns]).toEqual([21, 21]);
    /* Cell (i, j) sits on the centre of the pixel in column 4 i: (4 i + 0.5) / 42 - 1. */
    expect(net.centres[0]).toBeCloseTo(0.5 / 42 - 1, 6);
    expect(net.centres[2 * 441 - 2]).toBeCloseTo(80.5 / 42 - 1, 6);
    const { attention, centre, theta } = await evaluate(
      (g, x) => {
        const map = net.apply(g, x, parameterConstants(g, net.initial));
        return { attention: map.attention, centre: map.centre, theta: attentionAt(g, map.centre, 0.4) };
      },
      input,
      2,
    );
    expect(attention.shape).toEqual([2, 441]);
    expect((attention.data as Float32Array)[7]).toBeCloseTo(1 / 441, 7);
    const middle = 40.5 / 42 - 1;
    for (const value of centre.data as Float32Array) expect(value).toBeCloseTo(middle, 5);
    expect(theta.shape).toEqual([2, 3]);
    expect((theta.data as Float32Array)[0]).toBeCloseTo(0.4, 6);
    expect((theta.data as Float32Array)[5]).toBeCloseTo(middle, 5);
  });

  it('moves its attention by whole cells when the picture moves', async () => {
    const input = [1, 48, 40] as const;
    const net = heatMapNet(input, random, 1);
    const g = new GraphBuilder();
    const map = net.apply(g, g.input('x', [2, ...input]), parameterConstants(g, net.initial));
    expect(map.scores.shape).toEqual([2, 1, 12, 10]);
    g.output('scores', map.scores);
    const session = await openSession(encode(g.build()), { threads: 1 });
    const data = new Float32Array(2 * 48 * 40);
    for (let y = 20; y < 24; y++)
      for (let x = 16; x < 20; x++) data[y * 40 + x] = data[1920 + (y + 4) * 40 + x + 8] = 1;
    const { scores } = await session.run({ x: float32(data, [2, ...input]) });
    await session.dispose();
    const at = (image: number, row: number, column: number): number =>
      (scores.data as Float32Array)[image * 120 + row * 10 + column];
    expect(at(1, 6, 6)).toBeCloseTo(at(0, 5, 4), 6);
    expect(at(0, 5, 4)).not.toBeCloseTo(at(0, 5, 6), 6);
  });

  it('learns from nothing, through the sampler, where the bright thing is', async () => {
    const [count, side] = [24, 32];
    const net = heatMapNet([1, side, side], createRandom(1));
    const g = new GraphBuilder();
    const x = g.input('x', [count, 1, side, side]);
    const parameters = parameterInputs(g, net.initial);
    const { centre } = net.apply(g, x, parameters);
    const crop = transformerNodes(g, x, 'attention', attentionAt(g, centre, 0.35), {
      width: 12,
      height: 12,
      alignCorners: false,
    });
    const loss = neg(g, reduceMean(g, crop));
    const names = Object.values(parameters);
    adam(g, parameters, backward(g, loss, names), { learningRate: g.input('rate', []), step: g.input('step', []) });
    g.output('loss', loss);
    g.output('error', squaredError(g, centre, g.input('truth', [count, 2])));

    const data = new Float32Array(count * side * side);
    const truth: number[] = [];
    const places = createRandom(5);
    for (let i = 0; i < count; i++) {
      const [cx, cy] = [places.uniform(7, 25), places.uniform(7, 25)];
      truth.push((2 * cx) / side - 1, (2 * cy) / side - 1);
      for (let k = 0; k < side * side; k++) {
        const d = ((k % side) + 0.5 - cx) ** 2 + (Math.floor(k / side) + 0.5 - cy) ** 2;
        data[i * side * side + k] = Math.exp(-d / 18);
      }
    }
    const stepper = await openStepper(g.build(), { ...net.initial, ...adamState(net.initial) }, { threads: 1 });
    const feeds = { x: float32(data, [count, 1, side, side]), truth: float32(truth, [count, 2]), rate: scalar(3e-3) };
    const errors: number[] = [];
    for (let step = 1; step <= 60; step++) {
      const { error } = await stepper.step({ ...feeds, step: scalar(step) });
      errors.push((error.data as Float32Array)[0]);
    }
    await stepper.dispose();
    expect(errors[0]).toBeGreaterThan(0.1);
    expect(errors[59]).toBeLessThan(0.02);
  });
});
