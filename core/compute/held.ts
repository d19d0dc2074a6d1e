import { createHeldLevels } from '../imaging/held-levels.ts';

/** What this worker keeps decoded while someone looks at it: four originals of 24 megapixels. */
export const heldLevels = createHeldLevels(288 * 2 ** 20);
