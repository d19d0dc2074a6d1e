import type { Box } from '../../geometry/boxes.ts';
import type { AlignFamily } from './generators.ts';

/** What joint alignment may be told; the defaults serve every kind of collection. */
export interface CongealOptions {
  /** The freest family of warps; by default `affine`, its anisotropy held back. */
  readonly family?: AlignFamily;
  /** Largest rotation in degrees; 180 (the default) is the full circle. */
  readonly rotation?: number;
  /** Also tries every image mirrored left to right. */
  readonly mirror?: boolean;
  /** Id of the image whose own pose becomes the canonical one. */
  readonly reference?: string;
  /** By image id: where the object roughly is, in pixels of the oriented original. */
  readonly boxes?: ReadonlyMap<string, Box>;
}

/** Options with every choice made. */
export type CompleteOptions = Required<Omit<CongealOptions, 'reference' | 'boxes'>> &
  Pick<CongealOptions, 'reference' | 'boxes'>;

/** Fills in the defaults. */
export function completeOptions(options: CongealOptions): CompleteOptions {
  return { family: 'affine', rotation: 180, mirror: false, ...options };
}
