import type { SessionOptions } from '../../runtime/session.ts';
import type { SearchTools } from './bank.ts';
import { createCorrelator } from './correlator.ts';
import type { Describer } from './describe.ts';
import { coarseStep, searchCells, searchChannels, searchReach } from './recipe.ts';
import { searchGrid } from './search.ts';

/** The rotations and scales that are searched: what `searchGrid` takes. */
export interface Reach {
  readonly turns: number;
  readonly mirror: boolean;
  readonly scales: number | undefined;
}

/** Tools and how to let go of them; the describer stays. */
export interface OpenTools {
  readonly tools: SearchTools;
  readonly dispose: () => Promise<void>;
}

/** Opens what a search needs beside a describer. */
export async function openSearchTools(
  describer: Describer,
  { turns, mirror, scales }: Reach,
  runtime: SessionOptions,
): Promise<OpenTools> {
  const channels = Math.min(searchChannels, describer.projection.components);
  const shifts = { reach: searchReach, step: 1 };
  const correlator = await createCorrelator(shifts, channels, searchCells, runtime);
  const coarse = await createCorrelator({ ...shifts, step: coarseStep }, channels, searchCells, runtime);
  return {
    tools: { describer, correlator, coarse, grid: searchGrid(turns, mirror, scales), cells: searchCells, channels },
    dispose: async () => {
      await correlator.dispose();
      await coarse.dispose();
    },
  };
}
