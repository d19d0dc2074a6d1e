import type { Projection } from '../../features/feature-maps.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { LearnedTemplate } from './learned.ts';

/** Where one image ended and how far that is to be trusted. */
export interface CongealedImage {
  readonly id: string;
  /** Canonical frame to unit coordinates of the image (what samplers take); holds the mirroring. */
  readonly toUnit: Matrix3;
  /** Canonical frame to aspect frame (unit with x times width / height). */
  readonly toAspect: Matrix3;
  /** Canonical frame to `PixelPoint` of the oriented original. */
  readonly toPixels: Matrix3;
  /** Canonical frame to the image's search frame, without the mirroring: what `refineAgainstTemplate` takes. */
  readonly warp: Matrix3;
  readonly mirrored: boolean;
  readonly status: 'ok' | 'flagged';
  readonly scores: {
    /** Dot score against the mean of the others in the final window. */
    readonly similarity: number;
    /** How unusual the warp is within the set, in robust deviations. */
    readonly distance: number;
    /** Rank of the similarity, 0 (worst) to 1 (best). */
    readonly rank: number;
  };
  /** Why it was flagged, in words. */
  readonly reason?: string;
}

/** What joint alignment found. */
export interface CongealResult {
  readonly images: readonly CongealedImage[];
  readonly template: LearnedTemplate;
  readonly projection: Projection;
  /** Mean similarity before each joint refinement step, in order. */
  readonly history: readonly number[];
  /** Largest share of the images within ±60° of a common rotation; above 0.75 a common upright pose was assumed. */
  readonly concentration: number;
}
