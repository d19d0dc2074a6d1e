import type { EventHub } from '../event-hub.ts';

/** Counts the changes of the collections of open projects and tells of them. */
export interface Revisions {
  /** Grows with every change of a collection. */
  readonly of: (project: string) => number;
  /** A collection has changed: these images, or (null) so many that all are to be asked for again. */
  readonly changed: (project: string, images: readonly number[] | null) => void;
}

const mostNamed = 1000;

/** Counts from 1 for every project that this engine opens. */
export function createRevisions(hub: EventHub): Revisions {
  const counts = new Map<string, number>();
  const of = (project: string) => counts.get(project) ?? 1;
  return {
    of,
    changed: (project, images) => {
      const revision = of(project) + 1;
      counts.set(project, revision);
      const named = images === null || images.length > mostNamed ? null : images.map(String);
      hub.publish({ event: 'images-changed', project, revision, images: named });
    },
  };
}
