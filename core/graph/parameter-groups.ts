import { GraphError } from './graph-error.ts';

/** How some parameters learn: a factor on the learning rate (1 by default), and a weight decay of their own. */
export interface ParameterGroup {
  readonly rate?: number;
  readonly weightDecay?: number;
}

/**
 * Groups by a parameter's name or by the beginning of names up to a dot: `localisation` holds `localisation.1.weight`.
 * Of several that hold a parameter the longest counts.
 */
export type ParameterGroups = Readonly<Record<string, ParameterGroup>>;

/** The group of each parameter. **Throws** GraphError for a group that holds none: its name must be a mistake. */
export function ratesOf(names: readonly string[], groups: ParameterGroups): ParameterGroup[] {
  const holds = (group: string, name: string): boolean => name === group || name.startsWith(`${group}.`);
  for (const group of Object.keys(groups)) {
    if (names.some((name) => holds(group, name))) continue;
    throw new GraphError(
      `the group '${group}' holds none of the parameters ${names.join(', ')}; name one or its beginning`,
    );
  }
  const longestFirst = Object.keys(groups).toSorted((a, b) => b.length - a.length);
  return names.map((name) => {
    const found = longestFirst.find((group) => holds(group, name));
    return found === undefined ? {} : groups[found];
  });
}
