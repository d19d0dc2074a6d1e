/** A landmark schema as a person has written it. */
export interface WrittenSchema {
  readonly name: string;
  readonly points: string[];
  readonly edges: [number, number][];
  readonly mirrored: [number, number][];
}

/** Pairs of points as lines of text. */
export function writePairs(points: readonly string[], pairs: readonly (readonly [number, number])[]): string {
  return pairs.map(([a, b]) => `${points[a]} - ${points[b]}`).join('\n');
}

/** Reads what a person has written; where something is wrong, says what. */
export function readSchema(
  name: string,
  points: string,
  edges: string,
  mirrored: string,
): WrittenSchema | { readonly trouble: string } {
  const names = linesOf(points);
  const twice = names.find((one, n) => names.indexOf(one) < n);
  if (name.trim() === '') return { trouble: 'The list needs a name.' };
  if (names.length === 0) return { trouble: 'The list needs at least one point.' };
  if (twice !== undefined) return { trouble: `Two points are called '${twice}'. Give each its own name.` };
  const pairs = [edges, mirrored].map((text) => linesOf(text).map((line) => pairOf(line, names)));
  const wrong = pairs.flat().find((pair) => typeof pair === 'string');
  if (typeof wrong === 'string')
    return {
      trouble: `'${wrong}' does not join two points of the list; write it as: ${names[0]} - ${names.at(-1) ?? ''}`,
    };
  const [joined, swapped] = pairs as [number, number][][];
  return { name: name.trim(), points: names, edges: joined, mirrored: swapped };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The two points that a line joins, or the line itself where it joins none. Names may hold hyphens of their own. */
function pairOf(line: string, names: readonly string[]): [number, number] | string {
  const parts = line.split(/\s+[-–]\s+/);
  if (parts.length !== 2) return line;
  const [a, b] = parts.map((part) => names.indexOf(part.trim()));
  return a < 0 || b < 0 || a === b ? line : [a, b];
}
