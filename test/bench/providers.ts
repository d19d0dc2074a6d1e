import { cpus } from 'node:os';
import { scalar } from '../../core/graph/tensor.ts';
import { median } from '../../core/learn/congeal/scores.ts';
import { openStepper } from '../../core/runtime/open-stepper.ts';
import { probeProvider } from '../../core/runtime/probe.ts';
import { type ProviderName, providersHere } from '../../core/runtime/providers.ts';
import { numberOption } from '../support/bench-options.ts';
import { referenceTask } from '../support/reference-network.ts';

/**
 * Training steps of the reference network on every provider of this machine that passes its test, several between
 * read-backs, and the lines of the README's table.
 *
 * Arguments: `--steps N` between read-backs (16), `--turns N` (8), `--threads N` (2), `--hardware TEXT` (a name for the table).
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const at = args.indexOf('--hardware');
  const hardware = at < 0 ? (cpus().at(0)?.model.trim() ?? 'an unknown processor') : args[at + 1];
  const rows: string[] = [];
  for (const provider of providersHere()) {
    const probed = await probeProvider(provider);
    if (!probed.ok) {
      emit({ provider, reason: probed.reason });
      rows.push(`| ${provider} | ${hardware} | - | ${probed.reason} |`);
      continue;
    }
    const milliseconds = await measure(provider, args);
    emit({ provider, hardware, milliseconds, error: probed.error });
    rows.push(`| ${provider} | ${hardware} | ${milliseconds.toPrecision(3)} | ${probed.error.toExponential(0)} |`);
  }
  for (const row of rows) emit({ row });
}

async function measure(provider: ProviderName, args: string[]): Promise<number> {
  const [steps, turns] = [numberOption(args, '--steps') ?? 16, numberOption(args, '--turns') ?? 8];
  const { graph, state, feeds } = referenceTask();
  const stepper = await openStepper(graph, state, { provider, threads: numberOption(args, '--threads') ?? 2 });
  const times: number[] = [];
  try {
    for (let turn = 0, done = 0; turn <= turns; turn++, done += steps) {
      const given = Array.from({ length: steps }, (_, n) => ({
        ...feeds,
        rate: scalar(3e-5),
        step: scalar(done + n + 1),
      }));
      const started = performance.now();
      await stepper.run(given);
      times.push((performance.now() - started) / steps);
    }
  } finally {
    await stepper.dispose();
  }
  return median(times.slice(1));
}
