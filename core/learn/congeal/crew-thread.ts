/** The program of the threads among which joint alignment parts its work. */
import { openGradientExtractor } from '../../features/gradient-extractor.ts';
import { serveTasks } from '../crew/serve-tasks.ts';
import { comparing } from './em.ts';
import { describing } from './describe.ts';
import { filling, searching } from './bank.ts';
import { joining } from './extend.ts';
import { stepping } from './refine.ts';
import { settling } from './rivals.ts';
import { openSearchTools } from './search-tools.ts';
import type { Equipment } from './align-threads.ts';

serveTasks(
  async ({ projection, reach, runtime }: Equipment) => {
    const extractor = openGradientExtractor(runtime);
    const { tools, dispose } = await openSearchTools(
      { extractor, projection, signal: undefined, runtime },
      reach,
      runtime,
    );
    return {
      tools,
      dispose: async () => {
        await dispose();
        await extractor.dispose();
      },
    };
  },
  [describing, filling, searching, comparing, stepping, settling, joining],
);
