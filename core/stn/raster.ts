/** Pixels in memory: planar `[C, H, W]`, row by row; 8-bit 0..255, 16-bit 0..65535 or float 0..1. */
export interface Raster<
  Data extends Uint8Array | Uint16Array | Float32Array = Uint8Array | Uint16Array | Float32Array,
> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Data;
}
