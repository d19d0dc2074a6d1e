import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { z } from 'zod';
import { CongealError } from '../contract/errors.ts';

/** Reads a number from the command line; what it may be is the schema's business. */
export function numeric(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError(`Expected a number, found '${text}'.`);
  return value;
}

/** Reads `auto` or a number. */
export function automaticOrNumeric(text: string): number | 'auto' {
  return text === 'auto' ? 'auto' : numeric(text);
}

/**
 * Checks a command's options against their schema.
 *
 * **Throws** CongealError `usage` that names the option, what was found and what is expected.
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  values: Record<string, unknown>,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '');
    const found = key in given ? ` (found ${JSON.stringify(given[key])})` : '';
    return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${issue.message}${found}`;
  });
  throw new CongealError('usage', `${lines.join('; ')}. See --help.`);
}

const trainingProvider =
  'where to train: auto (the default: the fastest that works), cpu, webgpu or cuda; dml and coreml do not train yet';
const applyingProvider = 'auto or cpu: learned transformers run on the processor';

/** Adds the options that every command with a run understands; not every run trains. */
export function withRunOptions(command: Command, { trains = true } = {}): Command {
  return command
    .option('--seed <number>', 'same seed, same machine, CPU: the same bytes out (1)', numeric)
    .option('--provider <name>', trains ? trainingProvider : applyingProvider)
    .option('--threads <number>', 'threads for computing (one per core, at most 8)', numeric)
    .option('--force', 'write into an output folder that is not empty')
    .option('--strict', 'exit 1 when some images failed')
    .option('--json', 'one JSON object a line on standard output');
}
