/**
 * Passes events on as other ones: what `each` yields for an event, in its order; returns what the source returns. Whoever
 * stops listening ends the source as well, so that it lets go of what it holds.
 */
export async function* translate<Event, Said, Result>(
  events: AsyncGenerator<Event, Result>,
  each: (event: Event) => Iterable<Said> | AsyncIterable<Said>,
): AsyncGenerator<Said, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      yield* each(next.value);
    }
  } finally {
    await events.return(undefined as Result);
  }
}
