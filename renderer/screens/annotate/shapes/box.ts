import BoxIcon from '@lucide/svelte/icons/square';
import { cornersOf } from '../../../../core/geometry/shapes.ts';
import { applyPoint, chain, rotate, translate } from '../../../../core/geometry/matrix.ts';
import type { Point } from '../../../../core/geometry/units.ts';
import BoxShape from './BoxShape.svelte';
import { distanceToOutline } from './outline.ts';
import type { Drawing, ShapeOf, ShapeTool } from './shape-tool.ts';

type BoxOf = ShapeOf<'box'>;

const cornerNames = ['top left', 'top right', 'bottom right', 'bottom left'] as const;

function centreOf({ box: { xmin, ymin, xmax, ymax } }: BoxOf): Point {
  return { x: (xmin + xmax) / 2, y: (ymin + ymax) / 2 };
}

/** Where the handle for turning is: above the upper side by a tenth of the box. */
function turnPlace(shape: BoxOf): Point {
  const [a, b, , d] = cornersOf(shape);
  const up = { x: (a.x - d.x) * 0.15, y: (a.y - d.y) * 0.15 };
  return { x: (a.x + b.x) / 2 + up.x, y: (a.y + b.y) / 2 + up.y };
}

/** A corner moves, the one across stays where it is, however the box is turned. */
function cornerDragged(shape: BoxOf, corner: number, to: Point): BoxOf {
  const opposite = cornersOf(shape)[(corner + 2) % 4];
  const middle = { x: (opposite.x + to.x) / 2, y: (opposite.y + to.y) / 2 };
  const back = chain(
    translate(middle.x, middle.y),
    rotate((-shape.angle * Math.PI) / 180),
    translate(-middle.x, -middle.y),
  );
  return { ...shape, box: boxBetween(applyPoint(back, opposite.x, opposite.y), applyPoint(back, to.x, to.y)) };
}

function boxBetween(a: Point, b: Point): BoxOf['box'] {
  return { xmin: Math.min(a.x, b.x), ymin: Math.min(a.y, b.y), xmax: Math.max(a.x, b.x), ymax: Math.max(a.y, b.y) };
}

function drawn({ presses, at }: Drawing): BoxOf | undefined {
  return presses.length === 0 ? undefined : { kind: 'box', box: boxBetween(presses[0], at), angle: 0 };
}

/** Rectangles, which may be turned. */
export const boxTool: ShapeTool<'box'> = {
  kind: 'box',
  title: 'Box',
  icon: BoxIcon,
  key: 'b',
  hint: 'Drag from corner to corner.',
  renderer: BoxShape,
  handlesOf: (shape) => [
    ...cornersOf(shape).map((at, n) => ({ id: String(n), label: `Corner at the ${cornerNames[n]}`, at })),
    { id: 'turn', label: 'Turn the box', at: turnPlace(shape) },
  ],
  drag: (shape, handle, from, to) => {
    if (handle !== 'turn') return cornerDragged(shape, Number(handle), to);
    const c = centreOf(shape);
    const turn = Math.atan2(to.y - c.y, to.x - c.x) - Math.atan2(from.y - c.y, from.x - c.x);
    const angle = shape.angle + (turn * 180) / Math.PI;
    return { ...shape, angle: angle - 360 * Math.round(angle / 360) };
  },
  move: (shape, x, y) => boxTool.scale(shape, 1, x, y),
  scale: (shape, factor, x, y) => ({
    ...shape,
    box: {
      xmin: factor * shape.box.xmin + x,
      ymin: factor * shape.box.ymin + y,
      xmax: factor * shape.box.xmax + x,
      ymax: factor * shape.box.ymax + y,
    },
  }),
  distance: (shape, point) => distanceToOutline(cornersOf(shape), point),
  draft: drawn,
  finish: (drawing, by, reach) => {
    const shape = by === 'release' ? drawn(drawing) : undefined;
    if (shape === undefined) return undefined;
    const { xmin, ymin, xmax, ymax } = shape.box;
    return xmax - xmin > reach / 2 && ymax - ymin > reach / 2 ? shape : undefined;
  },
  within: ({ xmin, ymin, xmax, ymax }) => {
    const [x, y] = [(xmax - xmin) / 3, (ymax - ymin) / 3];
    return { kind: 'box', box: { xmin: xmin + x, ymin: ymin + y, xmax: xmax - x, ymax: ymax - y }, angle: 0 };
  },
};
