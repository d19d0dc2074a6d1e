import type { NetworkDescription } from '../../contract/network.ts';
import type { WarpName } from '../../geometry/warp.ts';
import type { Augmentation } from '../../learn/classify/augment.ts';
import type { ClassifyRecipe } from '../../learn/classify/recipe.ts';
import type { CollectionFile } from '../collection.ts';

/** An image file and its class. */
export interface LabelledFile extends CollectionFile {
  readonly label: string;
}

/** A pair of idx files by absolute path. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

/** Where examples come from: image files, or a pair of idx files; `test` is empty where a share is held back instead. */
export type LearnSource =
  | { readonly kind: 'files'; readonly files: readonly LabelledFile[]; readonly test: readonly LabelledFile[] }
  | { readonly kind: 'idx'; readonly train: IdxPair; readonly test: IdxPair | null };

/** What a classifier is to be trained with, and how. */
export interface LearnRequest {
  readonly source: LearnSource;
  readonly network: NetworkDescription;
  /** Of transformers that do not say it themselves. */
  readonly family: WarpName;
  readonly transformerRate: number;
  readonly recipe: ClassifyRecipe;
  readonly augment: Augmentation;
  /** Share that chooses the epoch, and share that is tested with where no test set is given. */
  readonly validation: number;
  readonly testShare: number;
  /** Side of the squares that image files become. */
  readonly size: number;
  readonly allowDamaged: boolean;
  readonly optimise: boolean;
}
