/** A kind of work whose pieces depend on no other piece, so that several can be done at a time. */
export interface Task<Tools, Order, Result> {
  readonly name: string;
  /**
   * Does one piece with the tools of whoever does it. Orders and results are copied between threads; arrays of numbers in
   * shared memory (see shared.ts) are not.
   */
  readonly run: (tools: Tools, order: Order) => Promise<Result>;
}

/** Those who do the pieces: this thread alone, or several others. */
export interface Crew<Tools> {
  /** How many pieces are done at a time. */
  readonly size: number;
  /**
   * Does `count` pieces; yields how many are done after each, returns the results in the order of the pieces. Whoever
   * stops listening waits for the pieces that have been begun, not for those that were asked for.
   */
  work<Order, Result>(
    task: Task<Tools, Order, Result>,
    count: number,
    orderFor: (n: number) => Order,
  ): AsyncGenerator<number, Result[]>;
  readonly dispose: () => Promise<void>;
}

/** A crew of one, which is this thread. */
export function alone<Tools>(tools: Tools): Crew<Tools> {
  return {
    size: 1,
    work: async function* (task, count, orderFor) {
      const results = [];
      for (let n = 0; n < count; n++) {
        results.push(await task.run(tools, orderFor(n)));
        yield results.length;
      }
      return results;
    },
    dispose: () => Promise.resolve(),
  };
}
