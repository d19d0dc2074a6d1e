import type { Shape as DoorShape } from '../../contract/commands/annotations.ts';
import type { Shape } from '../../geometry/shapes.ts';
import type { Shape as StoredShape } from '../../store/annotations.ts';

/** What lies on an image, in pixels of the oriented original. */
export interface CarriedAnnotation {
  readonly label: string | null;
  readonly landmark: string | null;
  readonly propagated: boolean;
  readonly shape: Shape;
}

/** A stored shape as geometry knows it. */
export function toGeometry(shape: StoredShape): Shape {
  switch (shape.kind) {
    case 'point':
      return { kind: 'point', at: { x: shape.x, y: shape.y } };
    case 'polygon':
      return { kind: 'polygon', points: shape.points };
    case 'box': {
      const { xmin, ymin, xmax, ymax, angle = 0 } = shape;
      return { kind: 'box', box: { xmin, ymin, xmax, ymax }, angle };
    }
  }
}

/** A shape of geometry as it is stored. What a point is besides its place is taken from what it came from. */
export function toStored(shape: Shape, from?: StoredShape): StoredShape {
  switch (shape.kind) {
    case 'point': {
      const { visible, schema } = from?.kind === 'point' ? from : {};
      const known = { ...(visible === undefined ? {} : { visible }), ...(schema === undefined ? {} : { schema }) };
      return { kind: 'point', ...shape.at, ...known };
    }
    case 'polygon':
      return shape;
    case 'box':
      return { kind: 'box', ...shape.box, ...(shape.angle === 0 ? {} : { angle: shape.angle }) };
  }
}

/** A shape as doors give it. */
export function fromDoor(shape: DoorShape): StoredShape {
  switch (shape.kind) {
    case 'point': {
      const [x, y] = shape.at;
      const schema = shape.landmark === null ? {} : { schema: shape.landmark.schema };
      return { kind: 'point', x, y, ...(shape.visible ? {} : { visible: false }), ...schema };
    }
    case 'polygon':
      return { kind: 'polygon', points: shape.points.map(([x, y]) => ({ x, y })) };
    case 'box':
      return { kind: 'box', ...shape.box, ...(shape.angle === 0 ? {} : { angle: shape.angle }) };
  }
}

/** A shape as doors take it; `landmark` is the name of the landmark that a point is. */
export function toDoor(shape: StoredShape, landmark: string | null): DoorShape {
  switch (shape.kind) {
    case 'point': {
      const named = landmark === null || shape.schema === undefined ? null : { schema: shape.schema, name: landmark };
      return { kind: 'point', at: [shape.x, shape.y], landmark: named, visible: shape.visible ?? true };
    }
    case 'polygon':
      return { kind: 'polygon', points: shape.points.map(({ x, y }): [number, number] => [x, y]) };
    case 'box': {
      const { xmin, ymin, xmax, ymax, angle = 0 } = shape;
      return { kind: 'box', box: { xmin, ymin, xmax, ymax }, angle };
    }
  }
}
