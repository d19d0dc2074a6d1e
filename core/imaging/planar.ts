import { orientedSize, orientedToStored, type Orientation } from '../geometry/frames.ts';
import { applyPoint } from '../geometry/matrix.ts';
import type { Raster } from '../stn/raster.ts';

/** Pixels as decoders and encoders hold them: `[H, W, C]`, 8 or 16 bits. */
export interface Interleaved {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Turns `[H, W, C]` as stored into planar `[C, H, W]` as seen, applying the EXIF orientation. The one place that does.
 *
 * **Convention**: `orientation` says how the stored pixels must be turned; width and height of the result are oriented.
 */
export function toPlanar(stored: Interleaved, orientation: Orientation): Raster<Uint8Array | Uint16Array> {
  const { channels, data: from } = stored;
  const { width, height } = orientedSize(orientation, stored);
  const back = orientedToStored(orientation, stored.width, stored.height);
  /* Where in the stored pixels oriented pixel (x, y) lies is linear in x and y. */
  const offsetOf = (x: number, y: number) => {
    const p = applyPoint(back, x + 0.5, y + 0.5);
    return (Math.floor(p.y) * stored.width + Math.floor(p.x)) * channels;
  };
  const origin = offsetOf(0, 0);
  const stepX = width > 1 ? offsetOf(1, 0) - origin : 0;
  const stepY = height > 1 ? offsetOf(0, 1) - origin : 0;
  const data = from instanceof Uint16Array ? new Uint16Array(from.length) : new Uint8Array(from.length);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      let at = origin + y * stepY + channel;
      for (let x = 0; x < width; x++, at += stepX) data[to++] = from[at];
    }
  }
  return { width, height, channels, data };
}

/**
 * Turns a planar raster into `[H, W, C]` of 8 or 16 bits; floats 0..1 are scaled, rounded and clamped.
 */
export function toInterleaved(raster: Raster, depth: 8 | 16): Interleaved {
  const { width, height, channels, data } = raster;
  const out = depth === 16 ? new Uint16Array(data.length) : new Uint8ClampedArray(data.length);
  const full = depth === 16 ? 65535 : 255;
  const scale = full / (data instanceof Float32Array ? 1 : data instanceof Uint16Array ? 65535 : 255);
  const size = width * height;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0, to = channel, from = channel * size; i < size; i++, to += channels, from++) {
      const value = data[from] * scale + 0.5;
      out[to] = value > 0 ? Math.min(full, Math.floor(value)) : 0;
    }
  }
  const view = out instanceof Uint16Array ? out : new Uint8Array(out.buffer);
  return { width, height, channels, data: view };
}
