/** A score by its name; not every result has every one. */
export function scoreOf(scores: Readonly<Partial<Record<string, number>>>, name: string): number | undefined {
  return scores[name];
}
