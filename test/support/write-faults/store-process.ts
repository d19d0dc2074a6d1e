import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CongealError } from '../../../core/contract/errors.ts';
import { faultKinds, openFaultControl, variables } from './control.ts';
import { storeWorks } from './store-works.ts';

/** What became of one work under every fault. */
export interface FaultedWork {
  /** Faults that were met. */
  readonly met: number;
  /** What steps threw: code and message, each once, paths as `FOLDER`. */
  readonly said: readonly string[];
  /** What did not hold, and under which fault. */
  readonly wrong: readonly string[];
}

/*
 * Does the work that is named on the command line again and again in new folders below the second word, each time with
 * another fault at every so many writes, until no write is left that could fail; says on standard output what became of it.
 */
const [name, below, every] = process.argv.slice(2);
const { prepare, work } = storeWorks[name];
const control = openFaultControl(process.env[variables.control] ?? '');
const said = new Set<string>();
const wrong: string[] = [];
let met = 0;

for (const kind of faultKinds) {
  for (let at = Number(every); ; at += Number(every)) {
    const folder = join(below, `${name}-${kind.code}-${String(kind.lasting)}-${at}`);
    mkdirSync(folder);
    prepare?.(folder);
    const step = (act: () => unknown): boolean => {
      try {
        act();
        return true;
      } catch (error) {
        const code = error instanceof CongealError ? error.code : 'no code';
        said.add(`${code}: ${(error instanceof Error ? error.message : String(error)).replaceAll(folder, 'FOLDER')}`);
        return false;
      }
    };
    let failed = 0;
    const lift = (): void => {
      failed = control.counts().failed;
      control.lift();
    };
    try {
      control.arm({ ...kind, at });
      const check = work(folder, step);
      lift();
      check();
    } catch (error) {
      lift();
      const reason = error instanceof Error ? error.stack : String(error);
      wrong.push(`${kind.code} ${kind.lasting ? 'from' : 'at'} ${at} on: ${reason ?? ''}`);
      if (wrong.length > 20) break;
      continue;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    if (failed === 0) break;
    met += 1;
  }
}
process.stdout.write(JSON.stringify({ met, said: [...said], wrong } satisfies FaultedWork));
