import { CongealError } from '../../contract/errors.ts';
import type { AlignRun } from '../../contract/recipes.ts';
import { alignRun, findRun } from '../../contract/recipes.ts';
import type { RunId } from '../../store/ids.ts';
import type { Run } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { askedOptions } from './run-plan.ts';
import { startAlign, startFind } from './start-run.ts';

/**
 * Runs again from a person's corrections: what was accepted or edited is kept, what was rejected takes no part. Options
 * are those of the run unless they are changed.
 *
 * **Throws** CongealError `unsupported` for runs other than find and align, `malformed` for options that do not fit.
 */
export async function rerun(
  engine: Engine,
  open: OpenProject,
  run: Run,
  changes: { readonly [Key in keyof AlignRun]?: AlignRun[Key] | undefined },
  signal: AbortSignal,
): Promise<RunId> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const asked = { ...askedOptions(run), name: undefined, ...given, keepAccepted: String(run.id) };
  if (run.kind === 'align') return await startAlign(engine, open, checked(alignRun.safeParse(clean(asked))), signal);
  if (run.kind === 'find') return await startFind(engine, open, checked(findRun.safeParse(clean(asked))), signal);
  throw new CongealError('unsupported', `A run of this kind (${run.kind}) cannot be made again from corrections.`);
}

/** Without what is not set; runs of the command line hold more than doors know, which is left out, too. */
function clean(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = new Set([...Object.keys(alignRun.shape), ...Object.keys(findRun.shape)]);
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => value !== undefined && known.has(key)));
}

function checked<Data>(
  parsed: { readonly success: true; readonly data: Data } | { readonly success: false; readonly error: Error },
): Data {
  if (parsed.success) return parsed.data;
  throw new CongealError('malformed', `This run cannot be made again with these options: ${parsed.error.message}`);
}
