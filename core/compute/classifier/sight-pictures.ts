import { encodeRaster, toDataUri } from '../../imaging/encode.ts';
import type { Raster } from '../../stn/raster.ts';
import type { SightPicture } from './report-data.ts';

/** A raster of any number of channels as a picture: maps with many channels by their mean, stretched to 0..1. */
export async function sightPicture(raster: Raster<Float32Array>): Promise<SightPicture> {
  const shown = toShown(raster);
  const png = await encodeRaster(shown, { format: 'png' });
  return { source: toDataUri(png, 'png'), width: raster.width, height: raster.height };
}

function toShown(raster: Raster<Float32Array>): Raster<Float32Array> {
  const { width, height, channels, data } = raster;
  const plane = width * height;
  if (channels === 1 || channels === 3) return isPicture(data) ? raster : { ...raster, data: stretched(data) };
  if (channels === 2 && isPicture(data)) {
    /* Two pictures in one: the first in red, the second in green and blue, white where both are. */
    const both = new Float32Array(3 * plane);
    both.set(data.subarray(0, plane), 0);
    both.set(data.subarray(plane), plane);
    both.set(data.subarray(plane), 2 * plane);
    return { width, height, channels: 3, data: both };
  }
  const mean = new Float32Array(plane);
  for (let c = 0; c < channels; c++) for (let i = 0; i < plane; i++) mean[i] += data[c * plane + i] / channels;
  return { width, height, channels: 1, data: stretched(mean) };
}

function isPicture(values: Float32Array): boolean {
  return values.every((value) => value >= -1e-3 && value <= 1.001);
}

function stretched(values: Float32Array): Float32Array {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const range = high - low || 1;
  return values.map((value) => (value - low) / range);
}
