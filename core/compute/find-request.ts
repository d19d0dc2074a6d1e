import type { Box } from '../geometry/boxes.ts';
import type { CollectionFile } from './collection.ts';

/** What is looked for and how. */
export interface FindRequest {
  readonly files: readonly CollectionFile[];
  /** Typical share of the images' area that the object covers. */
  readonly objectSize: 'auto' | number;
  readonly objective: 'gain' | 'triplet';
  readonly net: 'heat-map' | 'published';
  readonly features: string;
  /** By image: boxes that a person accepted or drew, in pixels of the oriented original; they are kept. */
  readonly kept?: ReadonlyMap<string, Box> | undefined;
  readonly allowDamaged: boolean;
  /** Whether graphs are simplified before they run; they are unless this is false. */
  readonly optimise?: boolean | undefined;
}
