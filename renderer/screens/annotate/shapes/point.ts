import PointIcon from '@lucide/svelte/icons/crosshair';
import PointShape from './PointShape.svelte';
import type { ShapeTool } from './shape-tool.ts';

/** Single points, which may be landmarks of a schema. */
export const pointTool: ShapeTool<'point'> = {
  kind: 'point',
  title: 'Point',
  icon: PointIcon,
  key: 'p',
  hint: 'Click on the spot.',
  renderer: PointShape,
  handlesOf: ({ at: [x, y], landmark }) => [{ id: 'at', label: landmark?.name ?? 'The point', at: { x, y } }],
  drag: (shape, _handle, from, to) => pointTool.move(shape, to.x - from.x, to.y - from.y),
  move: (shape, x, y) => pointTool.scale(shape, 1, x, y),
  scale: (shape, factor, x, y) => ({ ...shape, at: [factor * shape.at[0] + x, factor * shape.at[1] + y] }),
  distance: ({ at: [x, y] }, point) => Math.hypot(point.x - x, point.y - y),
  draft: () => undefined,
  finish: ({ at }, by) =>
    by === 'press' ? { kind: 'point', at: [at.x, at.y], landmark: null, visible: true } : undefined,
  within: ({ xmin, ymin, xmax, ymax }) => ({
    kind: 'point',
    at: [(xmin + xmax) / 2, (ymin + ymax) / 2],
    landmark: null,
    visible: true,
  }),
};
