import type { CollectionFile } from './collection.ts';

/** What is looked for and how. */
export interface FindRequest {
  readonly files: readonly CollectionFile[];
  /** Typical share of the images' area that the object covers. */
  readonly objectSize: 'auto' | number;
  readonly objective: 'gain' | 'triplet';
  readonly net: 'heat-map' | 'published';
  readonly features: string;
  readonly allowDamaged: boolean;
}
