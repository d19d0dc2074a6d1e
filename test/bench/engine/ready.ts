import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberOption } from '../../support/bench-options.ts';
import { startCli } from '../../support/cli.ts';

const target = { milliseconds: 1000 };

/**
 * How long it takes from starting the program to an engine that answers, as whole processes; and the processor time that
 * the process had used by then, which a busy machine does not change.
 *
 * Arguments: `--starts 7`.
 */
export async function ready(emit: (figure: Record<string, unknown>) => void, args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-'));
  const found: { milliseconds: number; cpu: number }[] = [];
  try {
    for (let n = 0; n < (numberOption(args, '--starts') ?? 7); n += 1) found.push(await start(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const middle = (values: number[]) => Math.round(values.sort((a, b) => a - b)[values.length >> 1]);
  const milliseconds = middle(found.map((one) => one.milliseconds));
  const cpuMilliseconds = middle(found.map((one) => one.cpu));
  const load = Number(loadavg()[0].toFixed(1));
  emit({
    part: 'ready',
    starts: found.length,
    milliseconds,
    cpuMilliseconds,
    load,
    target,
    reached: milliseconds < target.milliseconds,
  });
}

async function start(folder: string): Promise<{ readonly milliseconds: number; readonly cpu: number }> {
  const started = performance.now();
  const command = startCli(['serve', '--no-open', '--json'], { env: { CONGEAL_STATE: folder } });
  const address = await command.matched(/http:[^"]+/);
  const { origin, searchParams } = new URL(address);
  const headers = { Authorization: `Bearer ${searchParams.get('token') ?? ''}` };
  const health = (await (await fetch(`${origin}/api/health`, { headers })).json()) as { readonly cpuSeconds: number };
  const milliseconds = performance.now() - started;
  command.kill('SIGINT');
  await command.finished;
  return { milliseconds, cpu: health.cpuSeconds * 1000 };
}
