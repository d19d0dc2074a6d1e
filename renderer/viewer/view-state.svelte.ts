import type { Box } from '../../core/geometry/boxes.ts';
import type { PixelPoint, Point, Size } from '../../core/geometry/units.ts';
import type { View, ViewPoint } from './view.ts';
import { centred, fitBox, panBy, resized, toPixel, toView, viewPoint, zoomAbout } from './view.ts';

/** How a picture is being looked at; one per viewer. */
export class ViewState {
  view = $state.raw<View>({ scale: 1, x: 0, y: 0 });
  viewport = $state.raw<Size>({ width: 0, height: 0 });
  image = $state.raw<Size>({ width: 1, height: 1 });
  /** Until a person zooms or moves, all of the picture is shown, whatever its size and that of the window. */
  #isFitted = true;

  /** What is shown when all of it is: the picture, and what reaches beyond it. */
  #reach: Box = { xmin: 0, ymin: 0, xmax: 1, ymax: 1 };

  /** Shows another picture, all of it; one of the same size is looked at as the one before. */
  setImage(image: Size, reach?: Box): void {
    const isAlike = image.width === this.image.width && image.height === this.image.height;
    this.image = image;
    const { width, height } = image;
    this.#reach = {
      xmin: Math.max(-width / 2, Math.min(0, reach?.xmin ?? 0)),
      ymin: Math.max(-height / 2, Math.min(0, reach?.ymin ?? 0)),
      xmax: Math.min(1.5 * width, Math.max(width, reach?.xmax ?? 0)),
      ymax: Math.min(1.5 * height, Math.max(height, reach?.ymax ?? 0)),
    };
    if (!isAlike || this.#isFitted) this.fit();
  }

  setViewport(viewport: Size): void {
    const before = this.viewport;
    this.viewport = viewport;
    if (this.#isFitted) this.fit();
    else this.view = resized(this.view, before, viewport);
  }

  zoom(about: ViewPoint, factor: number): void {
    this.#isFitted = false;
    this.view = zoomAbout(this.view, about, factor, this.image, this.viewport);
  }

  /** Zooms about the middle of the viewport. */
  step(factor: number): void {
    this.zoom(viewPoint(this.viewport.width / 2, this.viewport.height / 2), factor);
  }

  pan(x: number, y: number): void {
    this.#isFitted = false;
    this.view = panBy(this.view, x, y, this.image, this.viewport);
  }

  fit(): void {
    this.#isFitted = true;
    if (this.viewport.width > 0) this.view = fitBox(this.#reach, this.viewport);
  }

  /** A pixel of the picture on each pixel of the screen; the place in the middle stays there. */
  actualSize(): void {
    const middle = viewPoint(this.viewport.width / 2, this.viewport.height / 2);
    const scale = 1 / devicePixelRatio;
    if (this.#isFitted) this.view = centred(this.image, this.viewport, scale);
    else this.view = zoomAbout(this.view, middle, scale / this.view.scale, this.image, this.viewport);
    this.#isFitted = false;
  }

  toView(point: Point): ViewPoint {
    return toView(this.view, point);
  }

  toPixel(point: ViewPoint): PixelPoint {
    return toPixel(this.view, point);
  }
}
