import { GraphError } from './graph-error.ts';

/** The learning rate of each step, counted from 0: a number to feed to the graph's learning-rate input. */
export type Schedule = (step: number) => number;

/** Half a cosine from `rate` down to `last`, reached after `steps`. **Source**: Loshchilov and Hutter 2017. */
export function cosineSchedule({
  rate,
  steps,
  last = 0,
}: {
  readonly rate: number;
  readonly steps: number;
  readonly last?: number;
}): Schedule {
  atLeastOne('cosineSchedule', 'steps', steps);
  return (step) => last + ((rate - last) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))) / 2;
}

/** `rate`, times `factor` again after each further `every` steps. */
export function stepSchedule({
  rate,
  every,
  factor = 0.1,
}: {
  readonly rate: number;
  readonly every: number;
  readonly factor?: number;
}): Schedule {
  atLeastOne('stepSchedule', 'every', every);
  return (step) => rate * factor ** Math.floor(step / every);
}

/** Another schedule whose first `steps` rise in a line to its own rate; a constant rate is `() => rate`. */
export function warmUp(schedule: Schedule, steps: number): Schedule {
  atLeastOne('warmUp', 'steps', steps);
  return (step) => schedule(step) * Math.min(1, (step + 1) / steps);
}

function atLeastOne(schedule: string, name: string, value: number): void {
  if (!(value >= 1)) throw new GraphError(`${schedule}: ${name} is ${value}, expected at least 1`);
}
