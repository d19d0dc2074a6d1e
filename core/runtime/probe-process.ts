import { digest, selfTest, timedSize } from './self-test.ts';
import { selfTestResults } from './self-test-results.ts';
import { chooseProvider } from './providers.ts';
import type { ProbeReport } from './probe.ts';
import { openStepper } from './open-stepper.ts';

/*
 * A process that is thrown away: it tries one provider and says what came of it. A driver that crashes takes only this
 * process with it.
 */

const allowedError = 1e-3;
const timedSteps = 4;
/** A step that takes longer than this, in milliseconds, is not timed again. */
const slowStep = 500;

async function probe(name: string): Promise<ProbeReport> {
  const provider = chooseProvider(name);
  const { graph, state, feeds } = selfTest();
  const stepper = await openStepper(graph, state, { provider, strict: provider === 'webgpu' });
  const found = digest({ ...(await stepper.step(feeds)), ...(await stepper.state()) });
  await stepper.dispose();
  const errors = Object.entries(selfTestResults).map(([key, expected]): [string, number] => [
    key,
    Math.abs(found[key] - expected) / Math.max(1e-2, Math.abs(expected)),
  ]);
  const [worst, error] = errors.reduce((a, b) => (b[1] <= a[1] ? a : b));
  if (!(error <= allowedError))
    return { ok: false, reason: `its numbers are wrong: '${worst}' is off by ${(100 * error).toPrecision(2)} %` };
  return { ok: true, error, millisecondsPerStep: await timeSteps(provider) };
}

async function timeSteps(provider: ReturnType<typeof chooseProvider>): Promise<number> {
  const { graph, state, feeds } = selfTest(timedSize);
  const stepper = await openStepper(graph, state, { provider });
  const time = async (steps: number): Promise<number> => {
    const started = performance.now();
    await stepper.run(Array<typeof feeds>(steps).fill(feeds));
    return (performance.now() - started) / steps;
  };
  await time(1);
  const first = await time(1);
  if (first > slowStep) return first;
  await time(timedSteps);
  const milliseconds = await time(timedSteps);
  await stepper.dispose();
  return milliseconds;
}

/** What ONNX Runtime reports where something is not installed, in words. */
const known: readonly (readonly [report: RegExp, reason: string])[] = [
  [/Failed to get a WebGPU adapter|Couldn't load Vulkan/, 'no graphics card with a driver for it was found'],
  [/_Cuda: Failed to load shared library/, "ONNX Runtime's CUDA libraries are not installed"],
];

function failure(error: unknown): ProbeReport {
  const text = error instanceof Error ? error.message : String(error);
  return { ok: false, reason: known.find(([report]) => report.test(text))?.[1] ?? text.trim() };
}

const report = await probe(process.argv[2] ?? '').catch(failure);
process.send?.(report, () => process.exit(0));
