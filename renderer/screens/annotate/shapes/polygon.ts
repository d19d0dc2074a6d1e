import PolygonIcon from '@lucide/svelte/icons/pentagon';
import type { Point } from '../../../../core/geometry/units.ts';
import { distanceToOutline } from './outline.ts';
import PolygonShape from './PolygonShape.svelte';
import type { Drawing, ShapeOf, ShapeTool } from './shape-tool.ts';

function polygonOf(points: readonly Point[]): ShapeOf<'polygon'> | undefined {
  return points.length < 3 ? undefined : { kind: 'polygon', points: points.map(({ x, y }) => [x, y]) };
}

/** True where a press closes the line: at its first or again at its last point. */
function closes({ presses }: Drawing, reach: number): boolean {
  const [first, last] = [presses[0], presses[presses.length - 1]];
  const before = presses.at(-2);
  const near = (a: Point, b: Point | undefined) => b !== undefined && Math.hypot(a.x - b.x, a.y - b.y) < reach;
  return presses.length > 3 && (near(last, first) || near(last, before));
}

/** Closed lines of straight pieces. */
export const polygonTool: ShapeTool<'polygon'> = {
  kind: 'polygon',
  title: 'Polygon',
  icon: PolygonIcon,
  key: 'g',
  hint: 'Click corner after corner; Enter or a click on the first one closes it.',
  renderer: PolygonShape,
  handlesOf: ({ points }) => points.map(([x, y], n) => ({ id: String(n), label: `Corner ${n + 1}`, at: { x, y } })),
  drag: (shape, handle, from, to) => ({
    ...shape,
    points: shape.points.map(([x, y], n) => (n === Number(handle) ? [x + to.x - from.x, y + to.y - from.y] : [x, y])),
  }),
  move: (shape, x, y) => polygonTool.scale(shape, 1, x, y),
  scale: (shape, factor, x, y) => ({
    ...shape,
    points: shape.points.map(([u, v]) => [factor * u + x, factor * v + y]),
  }),
  distance: ({ points }, point) =>
    distanceToOutline(
      points.map(([x, y]) => ({ x, y })),
      point,
    ),
  draft: ({ presses, at }) => (presses.length === 0 ? undefined : (polygonOf([...presses, at]) ?? lineOf(presses, at))),
  finish: (drawing, by, reach) => {
    if (by === 'key') return polygonOf(drawing.presses);
    return by === 'press' && closes(drawing, reach) ? polygonOf(drawing.presses.slice(0, -1)) : undefined;
  },
  within: ({ xmin, ymin, xmax, ymax }) => {
    const [x, y] = [(xmax - xmin) / 3, (ymax - ymin) / 3];
    return {
      kind: 'polygon',
      points: [
        [(xmin + xmax) / 2, ymin + y],
        [xmax - x, ymax - y],
        [xmin + x, ymax - y],
      ],
    };
  },
};

function lineOf(presses: readonly Point[], at: Point): ShapeOf<'polygon'> {
  const [first] = presses;
  return {
    kind: 'polygon',
    points: [
      [first.x, first.y],
      [at.x, at.y],
      [first.x, first.y],
    ],
  };
}
