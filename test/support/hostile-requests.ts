import type { Random } from '../../core/geometry/random.ts';
import { callers } from './hostile/callers.ts';
import { contents } from './hostile/contents.ts';
import type { HostileRequest, Target } from './hostile/target.ts';

/** Requests that must all be refused: the same seed, the same requests. */
export function* hostileRequests(random: Random, target: Target, count: number): Generator<HostileRequest> {
  const kinds = [...Object.values(callers), ...Object.values(contents)];
  for (let n = 0; n < count; n += 1) yield kinds[n % kinds.length](random, target);
}
