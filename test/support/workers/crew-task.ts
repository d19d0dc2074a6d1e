import { setTimeout as pause } from 'node:timers/promises';
import type { Task } from '../../../core/learn/crew/crew.ts';

/** What adding needs. */
export interface AddTools {
  readonly base: number;
}

/** A number to add, how long that takes, and memory in which each piece that was begun leaves a mark. */
export interface AddOrder {
  readonly add: number;
  readonly milliseconds?: number;
  readonly marks?: Uint8Array;
}

/** Adds a number to the base; 13 cannot be added. */
export const adding: Task<AddTools, AddOrder, number> = {
  name: 'add',
  run: async ({ base }, { add, milliseconds = 0, marks }) => {
    if (marks !== undefined) marks[add] = 1;
    if (add === 13) throw new Error('thirteen');
    if (milliseconds > 0) await pause(milliseconds);
    return base + add;
  },
};
