import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
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
  /**
   * By image id: the canonical frame to pixels of the oriented original, as somebody fixed it. The alignment starts from
   * these poses, keeps them, and takes their canonical frame rather than that of `reference`.
   */
  readonly pins?: ReadonlyMap<string, Matrix3>;
}

/** Options with every choice made. */
export type CompleteOptions = Required<Omit<CongealOptions, 'reference' | 'boxes' | 'pins'>> &
  Pick<CongealOptions, 'reference' | 'boxes' | 'pins'>;

/** Fills in the defaults. */
export function completeOptions(options: CongealOptions): CompleteOptions {
  return { family: 'affine', rotation: 180, mirror: false, ...options };
}
