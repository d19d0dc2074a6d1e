import type { Box } from '../../core/geometry/boxes.ts';
import type { PixelPoint, Point, Size } from '../../core/geometry/units.ts';
import { pixelPoint } from '../../core/geometry/units.ts';

declare const brand: unique symbol;

/** A point of the viewport in CSS pixels, (0, 0) at its top left. */
export type ViewPoint = Point & { readonly [brand]: 'view' };

/** Marks a point as one of the viewport. */
export function viewPoint(x: number, y: number): ViewPoint {
  return { x, y } as ViewPoint;
}

/** How a picture lies in its viewport: a pixel is `scale` CSS pixels wide, its top left corner lies at (x, y). */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Enlargement beyond which single pixels only fill the window. */
const largestScale = 64;

/** Pixels of the viewport that stay free around a fitted picture. */
const fitMargin = 16;

/** Part of the viewport that a picture keeps in sight, however far it is moved. */
const inSight = 48;

export function toView({ scale, x, y }: View, point: Point): ViewPoint {
  return viewPoint(x + scale * point.x, y + scale * point.y);
}

export function toPixel({ scale, x, y }: View, point: ViewPoint): PixelPoint {
  return pixelPoint((point.x - x) / scale, (point.y - y) / scale);
}

/** The view that shows all of a picture, in the middle. */
export function fitView(image: Size, viewport: Size): View {
  const room = (length: number) => Math.max(1, length - 2 * fitMargin);
  return centred(image, viewport, Math.min(room(viewport.width) / image.width, room(viewport.height) / image.height));
}

/** The view that shows all of a box, given in pixels of a picture, in the middle. */
export function fitBox({ xmin, ymin, xmax, ymax }: Box, viewport: Size): View {
  const { scale, x, y } = fitView({ width: xmax - xmin, height: ymax - ymin }, viewport);
  return { scale, x: x - scale * xmin, y: y - scale * ymin };
}

/** The view at a given scale with the picture in the middle. */
export function centred(image: Size, viewport: Size, scale: number): View {
  return {
    scale,
    x: (viewport.width - scale * image.width) / 2,
    y: (viewport.height - scale * image.height) / 2,
  };
}

/** Zooms by a factor; what lies under `about` stays there. Between the whole picture and 64 times its size. */
export function zoomAbout(view: View, about: ViewPoint, factor: number, image: Size, viewport: Size): View {
  const smallest = Math.min(1, fitView(image, viewport).scale) / 2;
  const scale = Math.min(largestScale, Math.max(smallest, view.scale * factor));
  const real = scale / view.scale;
  const moved = { scale, x: about.x - real * (about.x - view.x), y: about.y - real * (about.y - view.y) };
  return keptInSight(moved, image, viewport);
}

/** Moves the picture by so many CSS pixels; some of it always stays in sight. */
export function panBy(view: View, x: number, y: number, image: Size, viewport: Size): View {
  return keptInSight({ ...view, x: view.x + x, y: view.y + y }, image, viewport);
}

function keptInSight({ scale, x, y }: View, image: Size, viewport: Size): View {
  const clamp = (at: number, length: number, room: number) =>
    Math.min(room - inSight, Math.max(inSight - scale * length, at));
  return { scale, x: clamp(x, image.width, viewport.width), y: clamp(y, image.height, viewport.height) };
}

/** The same place of the picture in the middle after the viewport has changed its size. */
export function resized(view: View, before: Size, after: Size): View {
  return { ...view, x: view.x + (after.width - before.width) / 2, y: view.y + (after.height - before.height) / 2 };
}
