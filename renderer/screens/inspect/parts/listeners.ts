import type { PinnedPoint } from '../../../../core/geometry/fit.ts';
import type { Point } from '../../../../core/geometry/units.ts';
import type { HandleListener } from '../../../viewer/frame/handle-listener.ts';
import type { InspectState } from '../inspect-state.svelte.ts';

/** Dragging one end of a pin: where it is in the original, or where it is to come in the canonical frame. */
export function pinListener(inspect: InspectState, n: number, end: keyof PinnedPoint): HandleListener {
  let start: readonly PinnedPoint[] = [];
  let made = start;
  return {
    begin: () => {
      start = inspect.pins;
      made = start;
    },
    move: ({ from, to, isStep }) => {
      const base = isStep === true ? made : start;
      made = base.map((pin, k) => (k === n ? { ...pin, [end]: moved(pin[end], from, to) } : pin));
      inspect.tryPins(made);
    },
    end: () => void inspect.commitPins(made),
    cancel: () => {
      inspect.draftPins = undefined;
      inspect.draft = undefined;
    },
  };
}

/** Dragging a control point of the spline that is being tried. */
export function bendListener(inspect: InspectState, n: number): HandleListener {
  let before = inspect.bend.points;
  return {
    begin: () => (before = inspect.bend.moved),
    move: ({ to }) => {
      if (inspect.matrix !== undefined) inspect.bend.move(n, inspect.matrix, to);
    },
    end: () => undefined,
    cancel: () => (inspect.bend.moved = before),
  };
}

function moved(point: Point, from: Point, to: Point): Point {
  return { x: point.x + to.x - from.x, y: point.y + to.y - from.y };
}
