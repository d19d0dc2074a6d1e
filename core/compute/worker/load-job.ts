import { CongealError } from '../../contract/errors.ts';
import type { Job } from '../job.ts';
import { missingParts } from '../parts.ts';

/** How the function of each kind of job is loaded. */
export type Loaders = Readonly<Record<string, () => Promise<Job<never, unknown>>>>;

/**
 * Loads the function of a kind of job.
 *
 * **Throws** CongealError `part-missing` where a native part that it needs cannot be loaded.
 */
export async function loadJob(table: Loaders, kind: string): Promise<Job<never, unknown>> {
  if (!Object.hasOwn(table, kind)) throw new Error(`there is no kind of job '${kind}'`);
  try {
    return await table[kind]();
  } catch (error) {
    const missing = (await missingParts()).at(0);
    if (missing === undefined) throw error;
    throw new CongealError('part-missing', `${missing.part}: ${missing.reason}`, {
      cause: error,
      details: { ...missing },
    });
  }
}
