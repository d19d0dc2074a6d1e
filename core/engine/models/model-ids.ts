import type { ModelId } from '../../store/ids.ts';

/** How doors know a model that a run of a project learned; models of the program are known by their hash. */
export function learnedModelId(id: ModelId): string {
  return `learned-${id}`;
}

/** The row of a learned model; undefined for an id of another kind. */
export function learnedModelRow(id: string): ModelId | undefined {
  const found = /^learned-([1-9]\d{0,14})$/.exec(id);
  return found === null ? undefined : (Number(found[1]) as ModelId);
}
