import type { Checkpoint } from '../learn/checkpoint.ts';
import type { LearnEvent } from '../learn/event.ts';
import { translate } from '../learn/translate.ts';

/** The last states of a job's two parts. The second builds on the first one's result, so both travel together. */
export interface TwoParts {
  first?: Checkpoint | undefined;
  second?: Checkpoint | undefined;
}

const separator = '/';

/** Both states as one checkpoint. */
function join({ first, second }: TwoParts): Checkpoint {
  const parts = [
    ['first', first],
    ['second', second],
  ] as const;
  const values: Record<string, Checkpoint['values']> = {};
  const tensors: Record<string, Checkpoint['tensors'][string]> = {};
  for (const [part, state] of parts) {
    if (state === undefined) continue;
    values[part] = { stage: state.stage, values: state.values };
    for (const [name, tensor] of Object.entries(state.tensors)) tensors[`${part}${separator}${name}`] = tensor;
  }
  return { stage: (second ?? first)?.stage ?? 'begin', values, tensors };
}

/** The states of both parts out of one checkpoint. */
export function splitParts(joined: Checkpoint | undefined): TwoParts {
  const part = (name: 'first' | 'second'): Checkpoint | undefined => {
    const kept = joined?.values[name] as { stage: string; values: Checkpoint['values'] } | undefined;
    if (joined === undefined || kept === undefined) return undefined;
    const prefix = `${name}${separator}`;
    const tensors = Object.entries(joined.tensors).filter(([key]) => key.startsWith(prefix));
    return { ...kept, tensors: Object.fromEntries(tensors.map(([key, tensor]) => [key.slice(prefix.length), tensor])) };
  };
  return { first: part('first'), second: part('second') };
}

/** Passes on one part's events, its checkpoints joined with the other part's last state; `states` is kept up to date. */
export function joinParts<Result>(
  events: AsyncGenerator<LearnEvent, Result>,
  part: 'first' | 'second',
  states: TwoParts,
): AsyncGenerator<LearnEvent, Result> {
  return translate(events, (event): readonly LearnEvent[] => {
    if (event.kind !== 'checkpoint') return [event];
    states[part] = event.state;
    return [{ kind: 'checkpoint', state: join(states) }];
  });
}
