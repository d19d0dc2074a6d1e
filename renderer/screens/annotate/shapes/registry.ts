import type { Shape } from '../../../../core/contract/commands/annotations.ts';
import { boxTool } from './box.ts';
import { pointTool } from './point.ts';
import { polygonTool } from './polygon.ts';
import type { ShapeTool } from './shape-tool.ts';

const tools = { box: boxTool, point: pointTool, polygon: polygonTool } satisfies {
  readonly [Kind in Shape['kind']]: ShapeTool<Kind>;
};

/** All kinds of shapes, in the order of the toolbar. */
export const shapeTools = [boxTool, pointTool, polygonTool] as const;

/** The tool of a kind. What it is given must be of that kind, which shapes say themselves. */
export function toolOf(kind: Shape['kind']): ShapeTool {
  return tools[kind] as unknown as ShapeTool;
}
