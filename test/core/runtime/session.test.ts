import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { add } from '../../../core/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../core/graph/ops/reduce.ts';
import { float32, floats, scalar, tensor } from '../../../core/graph/tensor.ts';
import { inspectModel } from '../../../core/runtime/inspect.ts';
import { chooseProvider, providers, providersHere } from '../../../core/runtime/providers.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { openStepper } from '../../../core/runtime/open-stepper.ts';

function model(): Uint8Array {
  const g = new GraphBuilder();
  const w = g.input('w', [2]);
  const x = g.input('x', [1, 2], 'float32', { 0: 'n' });
  g.output('w.next', add(g, w, 1));
  g.output('sum', reduceSum(g, add(g, x, w), { axes: [1] }), { 0: 'n' });
  return encode(g.build(), { metadata: { task: 'sum' } });
}

test('names, dtypes and shapes of inputs and outputs are told', async () => {
  const session = await openSession(model(), { threads: 1 });
  expect(session.inputNames).toEqual(['w', 'x']);
  expect(session.inputs[1]).toEqual({ name: 'x', dtype: 'float32', shape: ['n', 2] });
  expect(session.outputs).toEqual([
    { name: 'w.next', dtype: 'float32', shape: [2] },
    { name: 'sum', dtype: 'float32', shape: ['n'] },
  ]);
  await session.dispose();
});

test('only wanted outputs come back', async () => {
  const session = await openSession(model(), { threads: 1 });
  const results = await session.run({ w: float32([1, 2], [2]), x: float32([1, 2, 3, 4], [2, 2]) }, ['sum']);
  expect(Object.keys(results)).toEqual(['sum']);
  expect(Array.from(floats(results['sum']))).toEqual([6, 10]);
  await session.dispose();
});

test('wrong feeds are refused by name', async () => {
  const session = await openSession(model(), { threads: 1 });
  const [w, x] = [float32([1, 2], [2]), float32([1, 2], [1, 2])];
  const failure = { code: 'model-unsuitable', name: 'CongealError' };
  await expect(session.run({ w })).rejects.toMatchObject({
    ...failure,
    message: expect.stringContaining("no feed for input 'x'") as string,
  });
  await expect(session.run({ w, x, y: x })).rejects.toThrow(/no input is called 'y' \(inputs: 'w', 'x'\)/);
  await expect(session.run({ w, x }, ['mean'])).rejects.toThrow(
    /no output is called 'mean' \(outputs: 'w.next', 'sum'\)/,
  );
  await expect(session.run({ w, x: float32([1, 2, 3], [1, 3]) })).rejects.toThrow(
    /Input 'x' is float32 \[1, 3\], the model expects float32 \[n, 2\]/,
  );
  await expect(session.run({ w, x: tensor([1, 2], [1, 2], 'int64') })).rejects.toThrow(/Input 'x' is int64 \[1, 2\]/);
  await session.dispose();
});

test('a disposed session says so; disposing twice is no error', async () => {
  const session = await openSession(model(), { threads: 1 });
  await session.dispose();
  await session.dispose();
  await expect(session.run({})).rejects.toThrow(/has been disposed/);
});

test.each([
  ['nothing', new Uint8Array()],
  ['a text', new TextEncoder().encode('this is not a model')],
  ['half a model', model().subarray(0, 100)],
])('%s is no model', async (_, bytes) => {
  await expect(openSession(bytes)).rejects.toMatchObject({ name: 'CongealError', code: 'model-invalid' });
});

test('a model tells about itself without being run', () => {
  expect(inspectModel(model())).toMatchObject({
    opset: 18,
    inputs: [
      { name: 'w', dtype: 'float32', shape: [2] },
      { name: 'x', dtype: 'float32', shape: ['n', 2] },
    ],
    outputs: [
      { name: 'w.next', dtype: 'float32', shape: [2] },
      { name: 'sum', dtype: 'float32', shape: ['n'] },
    ],
    metadata: { task: 'sum' },
    ops: ['Add', 'ReduceSum'],
  });
  expect(() => inspectModel(new TextEncoder().encode('no model'))).toThrow(/cannot be read: this is no ONNX model/);
});

test('the processor is offered everywhere, the rest says where it exists', () => {
  for (const machine of providers.cpu.platforms) expect(chooseProvider('cpu', machine)).toBe('cpu');
  expect(providersHere('darwin-arm64')).toEqual(['cpu', 'webgpu', 'coreml']);
  expect(() => chooseProvider('dml', 'linux-x64')).toThrow(/exists on win32-x64, win32-arm64 only, not on linux-x64/);
  expect(() => chooseProvider('abacus')).toThrow(/no provider 'abacus'. Choose one of: cpu, webgpu/);
});

test('a stepper carries its state from step to step', async () => {
  const stepper = await openStepper(model(), { w: float32([1, 2], [2]) }, { threads: 1 });
  const x = float32([0, 0], [1, 2]);
  expect(Array.from(floats((await stepper.step({ x }))['sum']))).toEqual([3]);
  const saved = await stepper.state();
  expect(Array.from(floats((await stepper.step({ x }))['sum']))).toEqual([5]);
  expect(Array.from(floats(saved['w']))).toEqual([2, 3]);
  stepper.restore(saved);
  expect(await stepper.step({ x })).toMatchObject({ sum: { shape: [1] } });
  expect(Array.from(floats((await stepper.state())['w']))).toEqual([3, 4]);
  await stepper.dispose();
});

test('a state that does not belong to the model is refused', async () => {
  const attempt = (state: Parameters<typeof openStepper>[1]) => openStepper(model(), state, { threads: 1 });
  await expect(attempt({})).rejects.toMatchObject({ name: 'CongealError', code: 'checkpoint-mismatch' });
  await expect(attempt({})).rejects.toThrow(/holds no 'w'/);
  await expect(attempt({ w: scalar(1) })).rejects.toThrow(/'w' of shape \[\], expected \[2\]/);
  const two = attempt({ w: float32([1, 2], [2]), v: scalar(1) });
  await expect(two).rejects.toThrow(/holds 'v', which the model does not learn/);
});
