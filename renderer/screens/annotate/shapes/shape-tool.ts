import type { Component } from 'svelte';
import type { Box } from '../../../../core/geometry/boxes.ts';
import type { Point } from '../../../../core/geometry/units.ts';
import type { Shape } from '../../../../core/contract/commands/annotations.ts';

/** A shape of one kind, in pixels of the picture that it lies on. */
export type ShapeOf<Kind extends Shape['kind']> = Extract<Shape, { readonly kind: Kind }>;

/** A place by which a shape can be changed. */
export interface ShapeHandle {
  readonly id: string;
  readonly label: string;
  readonly at: Point;
}

/** What is being drawn: the presses so far, and where the pointer is. */
export interface Drawing {
  readonly presses: readonly Point[];
  readonly at: Point;
}

/** What a renderer gets: where points of the picture lie on the screen, and how the shape is to look. */
export interface ShapeProps<S extends Shape> {
  readonly shape: S;
  readonly toView: (point: Point) => Point;
  readonly isChosen: boolean;
  /** Carried over from another annotation and not touched yet. */
  readonly isCarried: boolean;
}

/** All that there is to know of one kind of shape. A new kind is one more of these in `registry.ts`. */
export interface ShapeTool<Kind extends Shape['kind'] = Shape['kind']> {
  readonly kind: Kind;
  readonly title: string;
  readonly icon: Component;
  /** Key that chooses the tool. */
  readonly key: string;
  /** How it is drawn, in a few words. */
  readonly hint: string;
  readonly renderer: Component<ShapeProps<ShapeOf<Kind>>>;
  readonly handlesOf: (shape: ShapeOf<Kind>) => readonly ShapeHandle[];
  /** The shape with one of its handles dragged. */
  readonly drag: (shape: ShapeOf<Kind>, handle: string, from: Point, to: Point) => ShapeOf<Kind>;
  readonly move: (shape: ShapeOf<Kind>, x: number, y: number) => ShapeOf<Kind>;
  /** The shape in a picture that is this many times as large, then moved. */
  readonly scale: (shape: ShapeOf<Kind>, factor: number, x: number, y: number) => ShapeOf<Kind>;
  /** Distance in pixels of the picture from a point to the shape; 0 inside. */
  readonly distance: (shape: ShapeOf<Kind>, point: Point) => number;
  /** What a drawing looks like so far. */
  readonly draft: (drawing: Drawing) => ShapeOf<Kind> | undefined;
  /** What a drawing has become after a press, a release or a closing key; undefined while it goes on. */
  readonly finish: (drawing: Drawing, by: 'press' | 'release' | 'key', reach: number) => ShapeOf<Kind> | undefined;
  /** A shape for who draws by key: in the middle of what is seen. */
  readonly within: (box: Box) => ShapeOf<Kind>;
}
