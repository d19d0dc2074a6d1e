import type { ProjectReader } from './database.ts';
import type { Bound, Condition, Sql } from './image-filter.ts';
import type { Collected } from './image-page-sql.ts';
import { roughCount } from './remembered-counts.ts';

/** How far candidates are counted when a way is chosen. */
const countedUpTo = 20_000;
/** What a condition is taken to let through that no index knows, or that has more candidates than are counted. */
const unknownShare = 0.5;
/** How much more an image costs that is fetched and sorted than one that is passed by along an index. */
const fetchCost = 2;

/**
 * The cheaper way to the first `limit` images that conditions let through: along the order, checking each image, or
 * from the candidates of the rarest condition, sorting them.
 */
export function chooseWay(project: ProjectReader, conditions: readonly Condition[], limit: number): Collected {
  const counts = conditions.map((condition) => countCandidates(project, condition, countedUpTo));
  const total = project.database.prepare<[], number | null>('SELECT max(id) FROM image').pluck().get() ?? 0;
  const share = counts.reduce<number>((product, count) => product * shareOf(count, total), 1);
  const rarest = rarestOf(conditions, counts);
  if (rarest === undefined) return { others: conditions };
  return rarest.count * fetchCost < Math.min(total, limit / share) ? rarest.collected : { others: conditions };
}

function shareOf(count: number | null, total: number): number {
  if (count === null) return unknownShare;
  return count < countedUpTo ? count / total : Math.max(unknownShare, countedUpTo / total);
}

/** The way from the rarest condition's candidates, however many; along the order where no condition has any. */
export function wayFromRarest(project: ProjectReader, conditions: readonly Condition[]): Collected {
  const counts = conditions.map((condition) => countCandidates(project, condition, -1));
  return rarestOf(conditions, counts)?.collected ?? { others: conditions };
}

function countCandidates(project: ProjectReader, { candidates }: Condition, upTo: number): number | null {
  if (candidates === undefined) return null;
  const { sql, values } = countUpTo(candidates, upTo);
  const count = (): number =>
    project.database
      .prepare<Bound[], number>(sql)
      .pluck()
      .get(...values) ?? 0;
  return roughCount(project, JSON.stringify([sql, values]), count);
}

function countUpTo({ sql, values }: Sql, upTo: number): Sql {
  return { sql: `SELECT count(*) FROM (${sql} LIMIT ?)`, values: [...values, upTo] };
}

function rarestOf(
  conditions: readonly Condition[],
  counts: readonly (number | null)[],
): { readonly count: number; readonly collected: Collected } | undefined {
  let rarest: number | undefined;
  let least = Infinity;
  counts.forEach((count, index) => {
    if (count === null || count >= least) return;
    least = count;
    rarest = index;
  });
  if (rarest === undefined) return undefined;
  const others = conditions.filter((_, index) => index !== rarest);
  return { count: least, collected: { others, from: conditions[rarest].candidates } };
}
