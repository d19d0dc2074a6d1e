import type { FamilyName } from '../../../core/geometry/family.ts';
import { fitPins } from '../../../core/geometry/fit.ts';
import {
  applyPoint,
  chain,
  invert,
  multiply,
  rotate,
  scale,
  translate,
  type Matrix3,
} from '../../../core/geometry/matrix.ts';
import type { PixelPoint, Point } from '../../../core/geometry/units.ts';

/** What a handle does to a frame when it is dragged. */
export type HandleKind = 'move' | 'turn' | 'scale' | 'stretch' | 'corner';

/** A handle of a warped frame. */
export interface FrameHandle {
  readonly id: string;
  readonly kind: HandleKind;
  /** What it does, in words. */
  readonly label: string;
  /** Where it sits on the frame, in canonical coordinates. */
  readonly at: Point;
}

/** A drag from one pixel of the original to another; `sheared` (Shift) slides a side along itself instead of stretching. */
export interface FrameDrag {
  readonly from: PixelPoint;
  readonly to: PixelPoint;
  readonly sheared: boolean;
}

const sides = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] } as const;
const ends = {
  'top left': [-1, -1],
  'top right': [1, -1],
  'bottom right': [1, 1],
  'bottom left': [-1, 1],
} as const;

const kindsOf: Readonly<Record<FamilyName, readonly HandleKind[]>> = {
  translation: ['move'],
  attention: ['move', 'scale'],
  rotation: ['move', 'turn'],
  similarity: ['move', 'turn', 'scale'],
  affine: ['move', 'turn', 'scale', 'stretch'],
  projective: ['move', 'turn', 'corner'],
  'affine-lie': ['move', 'turn', 'scale', 'stretch'],
  'projective-lie': ['move', 'turn', 'corner'],
};

/** The handles that a family of transforms has. */
export function handlesOf(family: FamilyName): readonly FrameHandle[] {
  const place = ([x, y]: readonly [number, number]): Point => ({ x, y });
  return kindsOf[family].flatMap((kind): readonly FrameHandle[] => {
    if (kind === 'move') return [{ id: kind, kind, label: 'Move the frame', at: { x: 0, y: 0 } }];
    if (kind === 'turn') return [{ id: kind, kind, label: 'Turn the frame', at: place(sides.top) }];
    const verb = { scale: 'Scale by the', corner: 'Move the', stretch: 'Stretch by the' }[kind];
    const noun = kind === 'stretch' ? 'side' : 'corner';
    return Object.entries<readonly [number, number]>(kind === 'stretch' ? sides : ends).map(([name, at]) => ({
      ...{ id: `${kind} ${name}`, kind, at: place(at) },
      label: `${verb} ${name} ${noun}`,
    }));
  });
}

/**
 * What a drag of a handle makes of a frame.
 *
 * **Convention**: matrices take canonical points to pixel points of the original. A frame never collapses: where the drag
 * would make it, it stays as it was.
 */
export function dragHandle(start: Matrix3, handle: FrameHandle, drag: FrameDrag): Matrix3 {
  const made = dragged(start, handle, drag);
  const area = Math.abs(made[0] * made[4] - made[1] * made[3]);
  return made.every(Number.isFinite) && area > 1 ? made : start;
}

function dragged(start: Matrix3, { kind, at }: FrameHandle, { from, to, sheared }: FrameDrag): Matrix3 {
  switch (kind) {
    case 'move':
      return multiply(translate(to.x - from.x, to.y - from.y), start);
    case 'turn': {
      const c = applyPoint(start, 0, 0);
      const turn = Math.atan2(to.y - c.y, to.x - c.x) - Math.atan2(from.y - c.y, from.x - c.x);
      return about(c, rotate(turn), start);
    }
    case 'scale': {
      const [c, corner] = [applyPoint(start, -at.x, -at.y), applyPoint(start, at.x, at.y)];
      const [x, y] = [corner.x - c.x, corner.y - c.y];
      const factor = 1 + ((to.x - from.x) * x + (to.y - from.y) * y) / (x * x + y * y);
      return factor > 0 ? about(c, scale(factor), start) : start;
    }
    case 'stretch': {
      const inverse = invert(start);
      const [p, q] = [applyPoint(inverse, from.x, from.y), applyPoint(inverse, to.x, to.y)];
      return multiply(start, sideMoved(at, { x: q.x - p.x, y: q.y - p.y }, sheared));
    }
    case 'corner': {
      const pins = Object.values(ends).map(([x, y]) => {
        const image = applyPoint(start, x, y);
        const own = x === at.x && y === at.y;
        const moved = { x: image.x + to.x - from.x, y: image.y + to.y - from.y };
        return { canonical: { x, y }, image: own ? moved : image };
      });
      return isConvex(pins.map(({ image }) => image)) ? normalised(fitPins(start, pins, 'projective')) : start;
    }
  }
}

/** Moves one side of the square by a shift in canonical coordinates; the side across stays. */
function sideMoved(at: Point, shift: Point, sheared: boolean): Matrix3 {
  if (at.x !== 0) {
    if (sheared) return [1, 0, 0, (at.x * shift.y) / 2, 1, shift.y / 2, 0, 0, 1];
    return [1 + (at.x * shift.x) / 2, 0, shift.x / 2, 0, 1, 0, 0, 0, 1];
  }
  if (sheared) return [1, (at.y * shift.x) / 2, shift.x / 2, 0, 1, 0, 0, 0, 1];
  return [1, 0, 0, 0, 1 + (at.y * shift.y) / 2, shift.y / 2, 0, 0, 1];
}

function about({ x, y }: Point, motion: Matrix3, start: Matrix3): Matrix3 {
  return chain(translate(x, y), motion, translate(-x, -y), start);
}

function normalised(m: Matrix3): Matrix3 {
  const w = m[8];
  return [m[0] / w, m[1] / w, m[2] / w, m[3] / w, m[4] / w, m[5] / w, m[6] / w, m[7] / w, 1];
}

/** Corners that are not convex would send a part of the frame over the horizon. */
function isConvex(points: readonly Point[]): boolean {
  const turns = points.map((b, n) => {
    const [a, c] = [points[(n + 3) % 4], points[(n + 1) % 4]];
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
  });
  return turns.every((turn) => turn > 0) || turns.every((turn) => turn < 0);
}
