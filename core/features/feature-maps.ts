/**
 * Turns square renders of images into raw feature maps.
 *
 * **Convention**: the centre of cell i lies on pixel index `stride * i + centre` of the render, pixel centres being whole
 * numbers. Renders are shifted by `latticeShift` so that the cell centres fall on the regular lattice.
 */
export interface FeatureExtractor {
  /** What `--features` calls it. */
  readonly name: string;
  /** 3 planes of RGB or 1 of grey, values 0..1. */
  readonly inputChannels: 1 | 3;
  /** Channels of the raw maps. */
  readonly channels: number;
  readonly stride: number;
  readonly centre: number;
  /** What the projection looks at around each cell and how many channels it keeps. */
  readonly context: { readonly kernel: 1 | 3; readonly dilation: number; readonly components: number };
  /** Describes `count` renders `[count, inputChannels, size, size]`; returns `[count, channels, size / stride, size / stride]`. */
  describe(pixels: Float32Array, count: number, size: number): Promise<Float32Array>;
  /** The same followed by a projection: writes `[count, components, size / stride, size / stride]`, unit length per cell. */
  project(
    pixels: Float32Array,
    count: number,
    size: number,
    projection: Projection,
    target: Float32Array,
  ): Promise<void>;
  /**
   * `project` of each render at four quarter turns, of which it describes one: `[4, count, components, size / stride,
   * size / stride]`. Turn k shows what a render turned by k * 90 degrees would: its pixel (x, y), from the centre, is
   * (-y, x) of turn k - 1. Missing where features do not turn with the image.
   */
  readonly projectTurns?: (
    pixels: Float32Array,
    count: number,
    size: number,
    projection: Projection,
    target: Float32Array,
  ) => Promise<void>;
  dispose(): Promise<void>;
}

/** A whitening projection as a convolution: `weights` `[components, channels, kernel, kernel]`, `bias` `[components]`. */
export interface Projection {
  readonly components: number;
  readonly channels: number;
  readonly kernel: 1 | 3;
  readonly dilation: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** How far the render's lattice must move so that cell centres lie at (i + 0.5) / cells of the window. */
export function latticeShift(extractor: Pick<FeatureExtractor, 'stride' | 'centre'>): number {
  return extractor.centre - (extractor.stride - 1) / 2;
}
