/** What work in steps ends with; what it yields meanwhile is not looked at. */
export async function finalOf<Result>(work: AsyncGenerator<unknown, Result>): Promise<Result> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
  }
}
