import { arithmeticReaders } from './arithmetic-readers.ts';
import { movementReaders } from './movement-readers.ts';
import { normalisationReaders } from './normalisation-readers.ts';
import type { Reader } from './reading.ts';
import { windowReaders } from './window-readers.ts';

/**
 * How ops are read that mean something else in another opset from 9 to 21 than in 18, or that are said in other ops.
 * An op that is in the table of rules and not here means the same in all of them.
 */
export const readers: Readonly<Record<string, Reader>> = {
  ...arithmeticReaders,
  ...movementReaders,
  ...normalisationReaders,
  ...windowReaders,
};
