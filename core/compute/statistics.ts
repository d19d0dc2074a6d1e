import type { Raster } from '../stn/raster.ts';

/** Running mean and standard deviation of crops; pixels from outside an original do not count. */
export interface Statistics {
  /** Adds a crop `[4, size, size]`, sRGB and alpha, 0..1. */
  readonly add: (crop: Raster<Float32Array>) => void;
  /** The mean `[3, size, size]`, 0..1; mid grey where nothing was seen. */
  readonly mean: () => Raster<Float32Array>;
  /** Twice the standard deviation, averaged over the colours, `[1, size, size]`; 1 is a deviation of 0.5. */
  readonly deviation: () => Raster<Float32Array>;
}

/** Accumulates in float64, in the order of the calls. */
export function createStatistics(size: number): Statistics {
  const area = size * size;
  const sum = new Float64Array(3 * area);
  const squares = new Float64Array(3 * area);
  const weight = new Float64Array(area);
  return {
    add: ({ data }) => {
      for (let i = 0; i < area; i++) {
        const alpha = data[3 * area + i];
        weight[i] += alpha;
        for (let at = i; at < 3 * area; at += area) {
          sum[at] += alpha * data[at];
          squares[at] += alpha * data[at] * data[at];
        }
      }
    },
    mean: () => ({
      width: size,
      height: size,
      channels: 3,
      data: Float32Array.from(sum, (total, at) => (weight[at % area] > 0 ? total / weight[at % area] : 0.5)),
    }),
    deviation: () => ({
      width: size,
      height: size,
      channels: 1,
      data: Float32Array.from(weight, (seen, i) => {
        if (seen === 0) return 0;
        const variance = (at: number) => Math.max(0, squares[at] / seen - (sum[at] / seen) ** 2);
        return Math.min(1, 2 * Math.sqrt((variance(i) + variance(i + area) + variance(i + 2 * area)) / 3));
      }),
    }),
  };
}

/** A raster a whole number of times smaller a side, by the mean of its blocks. */
export function reduceRaster(raster: Raster<Float32Array>, factor: number): Raster<Float32Array> {
  if (factor === 1) return raster;
  const [width, height] = [raster.width / factor, raster.height / factor];
  const data = new Float32Array(raster.channels * width * height);
  for (let row = 0; row < raster.channels * raster.height; row++)
    for (let column = 0; column < raster.width; column++)
      data[Math.floor(row / factor) * width + Math.floor(column / factor)] +=
        raster.data[row * raster.width + column] / (factor * factor);
  return { ...raster, width, height, data };
}
