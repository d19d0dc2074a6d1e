import type { Point } from '../../core/geometry/units.ts';
import type { ViewPoint } from './view.ts';
import { viewPoint } from './view.ts';

/** What a gesture does to a view. */
export interface ViewGestures {
  readonly zoom: (about: ViewPoint, factor: number) => void;
  readonly pan: (x: number, y: number) => void;
}

/** A turn of the wheel or a pinch of a trackpad as a factor; turning towards oneself makes smaller. */
export function wheelFactor({
  deltaY,
  deltaMode,
  ctrlKey,
}: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
  /* Browsers report a pinch as a turn with the Control key, in small steps. */
  return Math.exp(-Math.max(-240, Math.min(240, pixels)) * (ctrlKey ? 0.01 : 0.002));
}

/** What two fingers have done between two moments: the factor about their middle, and how that has moved. */
export function pinchOf(
  before: readonly [Point, Point],
  after: readonly [Point, Point],
): { readonly factor: number; readonly about: ViewPoint; readonly x: number; readonly y: number } {
  const apart = ([a, b]: readonly [Point, Point]) => Math.hypot(b.x - a.x, b.y - a.y);
  const middle = ([a, b]: readonly [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [from, to] = [middle(before), middle(after)];
  const factor = apart(before) > 0 ? apart(after) / apart(before) : 1;
  return { factor, about: viewPoint(to.x, to.y), x: to.x - from.x, y: to.y - from.y };
}

/** Where an event happened within an element. */
export function placeWithin(element: Element, event: Pick<MouseEvent, 'clientX' | 'clientY'>): ViewPoint {
  const { left, top } = element.getBoundingClientRect();
  return viewPoint(event.clientX - left, event.clientY - top);
}

/**
 * Lets an element be zoomed and moved: wheel, trackpad, dragging with the mouse, one or two fingers. What is drawn over
 * it takes its own presses by stopping them. The answer ends it.
 */
export function followGestures(element: HTMLElement, { zoom, pan }: ViewGestures): () => void {
  const down = new Map<number, ViewPoint>();
  const ending = new AbortController();
  const options = { signal: ending.signal };

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      if (event.shiftKey) pan(-event.deltaY - event.deltaX, 0);
      else zoom(placeWithin(element, event), wheelFactor(event));
    },
    { ...options, passive: false },
  );
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'mouse' && event.button > 1) return;
      element.setPointerCapture(event.pointerId);
      down.set(event.pointerId, placeWithin(element, event));
    },
    options,
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      const before = down.get(event.pointerId);
      if (before === undefined) return;
      const after = placeWithin(element, event);
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      down.set(event.pointerId, after);
      if (other === undefined) pan(after.x - before.x, after.y - before.y);
      else {
        const { factor, about, x, y } = pinchOf([before, other], [after, other]);
        pan(x, y);
        zoom(about, factor);
      }
    },
    options,
  );
  const lift = (event: PointerEvent) => void down.delete(event.pointerId);
  element.addEventListener('pointerup', lift, options);
  element.addEventListener('pointercancel', lift, options);
  return () => ending.abort();
}
