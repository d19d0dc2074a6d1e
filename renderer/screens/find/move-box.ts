import type { Box } from '../../../core/geometry/boxes.ts';

/** Which part of a box is taken hold of: the whole, or a corner by its compass point. */
export type BoxHold = 'all' | 'nw' | 'ne' | 'se' | 'sw';

/** The corners of a box with their compass points. */
export function cornersOf({ xmin, ymin, xmax, ymax }: Box): readonly { hold: BoxHold; x: number; y: number }[] {
  return [
    { hold: 'nw', x: xmin, y: ymin },
    { hold: 'ne', x: xmax, y: ymin },
    { hold: 'se', x: xmax, y: ymax },
    { hold: 'sw', x: xmin, y: ymax },
  ];
}

/**
 * A box after a part of it was moved by so many image pixels: it stays within its image, and at least `least` pixels a
 * side.
 */
export function moveBox(
  box: Box,
  hold: BoxHold,
  [dx, dy]: readonly [number, number],
  image: { readonly width: number; readonly height: number },
  least = 4,
): Box {
  if (hold === 'all') {
    const x = clamp(dx, -box.xmin, image.width - box.xmax);
    const y = clamp(dy, -box.ymin, image.height - box.ymax);
    return { xmin: box.xmin + x, ymin: box.ymin + y, xmax: box.xmax + x, ymax: box.ymax + y };
  }
  const moved = { ...box };
  if (hold === 'nw' || hold === 'sw') moved.xmin = clamp(box.xmin + dx, 0, box.xmax - least);
  else moved.xmax = clamp(box.xmax + dx, box.xmin + least, image.width);
  if (hold === 'nw' || hold === 'ne') moved.ymin = clamp(box.ymin + dy, 0, box.ymax - least);
  else moved.ymax = clamp(box.ymax + dy, box.ymin + least, image.height);
  return moved;
}

/** A box in the middle of an image, for one in which none was found. */
export function middleBox({ width, height }: { readonly width: number; readonly height: number }): Box {
  return { xmin: width / 4, ymin: height / 4, xmax: (3 * width) / 4, ymax: (3 * height) / 4 };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(Math.max(low, high), value));
}
