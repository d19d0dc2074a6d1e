import type { Box } from '../geometry/boxes.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { CollectionFailure, CollectionImage } from './collection.ts';

/** `ok`: use it; `flagged`: look at it first; `missing`: nothing was found. */
export type LocatedStatus = 'ok' | 'flagged' | 'missing';

/** Where a run found the object, or the canonical frame, in one image. */
export interface Located {
  readonly id: string;
  readonly status: LocatedStatus;
  /** Why it is not ok, in a few words. */
  readonly reason?: string | undefined;
  /** Canonical frame ([-1, 1]^2) to pixels of the oriented original; null where nothing was found. */
  readonly canonicalToImage: Matrix3 | null;
  /** Pixels of the oriented original, clipped to it; null for alignments and where nothing was found. */
  readonly box: Box | null;
  readonly mirrored: boolean;
  /** Signals by name; each says something else, they are never merged. */
  readonly scores: Readonly<Record<string, number>>;
}

/** A curve of learning: what was measured, by step. */
export interface LearningCurve {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly values: readonly number[];
}

/** What a learning job leaves. */
export interface Learned {
  readonly images: readonly CollectionImage[];
  readonly failures: readonly CollectionFailure[];
  /** One per image, in the order of `images`. */
  readonly located: readonly Located[];
  readonly family: string;
  /** The learned transformer as the bytes of an ONNX file, if one was learned. */
  readonly model: Uint8Array | null;
  /** Further models that belong to it, by the names of their files. */
  readonly alsoLearned?: readonly { readonly name: string; readonly bytes: Uint8Array }[] | undefined;
  readonly curves: readonly LearningCurve[];
  readonly figures: Readonly<Record<string, number | string | boolean | null>>;
  readonly notes: readonly string[];
}
