import type { Run } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import { exportWork } from '../exports/export-work.ts';
import { importWork } from '../images/import-run.ts';
import type { OpenProject } from '../open-projects.ts';
import { learningWork } from './learning-work.ts';
import type { RunWork } from './submit-run.ts';

/**
 * How a run is performed or gone on with, from its row alone.
 *
 * **Throws** CongealError `unsupported` for a run without a plan.
 */
export function workOf(engine: Engine, open: OpenProject, run: Run): RunWork {
  const { kind } = run;
  switch (kind) {
    case 'find':
    case 'align':
    case 'apply':
    case 'learn':
      return learningWork(engine, open, { ...run, kind });
    case 'export':
      return exportWork(engine, open, run);
    case 'import':
      return importWork(engine, open, run);
  }
}
