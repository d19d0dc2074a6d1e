/** Key of a brand that exists for the type checker only. */
declare const brand: unique symbol;

/** An angle in radians, counted from x towards y (clockwise on screen, where y points down). */
export type Radians = number & { readonly [brand]: 'radians' };

/** An angle in degrees, counted from x towards y (clockwise on screen, where y points down). */
export type Degrees = number & { readonly [brand]: 'degrees' };

/** A point in no particular frame. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point in pixels of the oriented original. **Convention**: (0, 0) is the top-left corner of the top-left pixel. */
export type PixelPoint = Point & { readonly [brand]: 'pixel' };

/** A point in [-1, 1] across a source image. **Convention**: (-1, -1) is its top-left corner, y points down. */
export type UnitPoint = Point & { readonly [brand]: 'unit' };

/** A point in [-1, 1] across the output crop. **Convention**: (-1, -1) is its top-left corner, y points down. */
export type CanonicalPoint = Point & { readonly [brand]: 'canonical' };

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Marks a number as radians. */
export function radians(value: number): Radians {
  return value as Radians;
}

/** Marks a number as degrees. */
export function degrees(value: number): Degrees {
  return value as Degrees;
}

/** Converts degrees to radians. */
export function toRadians(angle: Degrees): Radians {
  return radians((angle * Math.PI) / 180);
}

/** Converts radians to degrees. */
export function toDegrees(angle: Radians): Degrees {
  return degrees((angle * 180) / Math.PI);
}

/** Brings an angle into (-pi, pi]. */
export function wrapAngle(angle: number): Radians {
  const turns = Math.ceil(angle / (2 * Math.PI) - 0.5);
  return radians(angle - turns * 2 * Math.PI);
}

/** Makes a point in pixels of the oriented original (corner frame). */
export function pixelPoint(x: number, y: number): PixelPoint {
  return { x, y } as PixelPoint;
}

/** Makes a point in [-1, 1] across a source image. */
export function unitPoint(x: number, y: number): UnitPoint {
  return { x, y } as UnitPoint;
}

/** Makes a point in [-1, 1] across the output crop. */
export function canonicalPoint(x: number, y: number): CanonicalPoint {
  return { x, y } as CanonicalPoint;
}
