import type { Matrix3 } from './matrix.ts';

/** The transform families whose members are matrices. */
export type FamilyName =
  'translation' | 'attention' | 'rotation' | 'similarity' | 'affine' | 'projective' | 'affine-lie' | 'projective-lie';

/** What one number of a transform means. */
export interface ParameterInfo {
  readonly name: string;
  readonly unit: 'half image' | 'half image per half image' | 'radians' | 'log' | 'factor';
  /** Values beyond these let the transform collapse, fold or leave the image. */
  readonly low: number;
  readonly high: number;
}

/** The picture frames a transform lives between: the source image, and the shape of the output crop. */
export interface FamilyFrame {
  /** Width and height of the source image (any unit: only their ratio counts). */
  readonly width: number;
  readonly height: number;
  /** Width / height of the crop; by default that of the image, so that the identity is the identity matrix. */
  readonly canonicalAspect?: number;
}

/** A family of transforms, described by a fixed number of parameters. */
export interface Family {
  readonly name: FamilyName;
  readonly parameters: readonly ParameterInfo[];
  /** Parameters of the transform that changes nothing. */
  readonly identity: readonly number[];
  /** `unit`: acts on unit coordinates as they are; `aspect`: on coordinates in which circles are round. */
  readonly frame: 'unit' | 'aspect';
  /** Parameters to a matrix in the family's own frame. */
  matrixOf(parameters: readonly number[]): Matrix3;
  /** Parameters of the member nearest to a matrix in the family's own frame. **Throws** a RangeError where none is near. */
  parametersOf(matrix: Matrix3): readonly number[];
  /**
   * Moves parameters to where the transform neither collapses, folds nor loses the image. The frame counts: in the aspect
   * frame a wide crop reaches farther out.
   */
  bound(parameters: readonly number[], frame: FamilyFrame): readonly number[];
  /** A mean of transforms given in the family's own frame; it does not depend on where the axes are. */
  meanOf(matrices: readonly Matrix3[]): Matrix3;
}
