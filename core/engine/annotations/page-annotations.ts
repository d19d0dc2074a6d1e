import type { Annotation } from '../../store/annotations.ts';
import { annotationsOfImages, annotationsOfRun, pageAnnotations } from '../../store/annotations.ts';
import type { ProjectReader } from '../../store/database.ts';
import { fromCursor, toCursor } from '../page-cursor.ts';
import { imageOf, runOf } from '../row-ids.ts';

/** Which annotations are asked for; everything that is given must hold. */
export interface AnnotationsWanted {
  readonly image?: string | undefined;
  readonly canonicalOf?: string | undefined;
  readonly label?: string | undefined;
  readonly propagated?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of annotations, by id. **Throws** CongealError `not-found`, `malformed`. */
export function pageOfAnnotations(
  reader: ProjectReader,
  { image, canonicalOf, label, propagated, limit, cursor }: AnnotationsWanted,
): { readonly annotations: readonly Annotation[]; readonly next: string | null; readonly total: number } {
  const listed = { list: 'annotations', image, canonicalOf, label, propagated };
  const after = cursor === undefined ? 0 : Number(fromCursor(cursor, listed, ['number'])[0]);
  const all = candidates(reader, image, canonicalOf)
    .filter((one) => label === undefined || one.label === label)
    .filter((one) => propagated === undefined || (one.origin === 'propagated') === propagated);
  const rest = all.filter(({ id }) => id > after);
  const annotations = rest.slice(0, limit);
  const last = annotations.at(-1);
  const next = rest.length > limit && last !== undefined ? toCursor(listed, [last.id]) : null;
  return { annotations, next, total: all.length };
}

/** Every annotation of a project, by id. **Throws** as `reading`. */
export function allAnnotations(reader: ProjectReader): readonly Annotation[] {
  const all: Annotation[] = [];
  const atOnce = 1000;
  for (let after = 0; ;) {
    const page = pageAnnotations(reader, after, atOnce);
    all.push(...page);
    const last = page.at(-1);
    if (page.length < atOnce || last === undefined) return all;
    after = last.id;
  }
}

function candidates(
  reader: ProjectReader,
  image: string | undefined,
  canonicalOf: string | undefined,
): readonly Annotation[] {
  if (image === undefined)
    return canonicalOf === undefined ? allAnnotations(reader) : annotationsOfRun(reader, runOf(reader, canonicalOf).id);
  const own = [...annotationsOfImages(reader, [imageOf(reader, image).id])].sort((a, b) => a.id - b.id);
  return canonicalOf === undefined ? own : [];
}
