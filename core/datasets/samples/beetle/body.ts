import type { Point } from '../../../geometry/units.ts';
import { dome, limb, type LimbPoint, type Shape } from '../shape.ts';
import type { Individual } from './individual.ts';
import { beetleMaterials } from './materials.ts';

/** A named place on the beetle, in its own frame (x right, y down, head towards -y, about -1 to 1). */
interface BodyLandmark extends Point {
  readonly name: string;
  readonly articulated: boolean;
}

/** A beetle ready to be drawn: its shapes from the lowest to the topmost, and its landmarks. */
export interface Body {
  readonly shapes: readonly Shape[];
  readonly landmarks: readonly BodyLandmark[];
}

const neck = { x: 0, y: -0.46 };

/** Resting pose of the right legs: hip, directions of thigh, shin and foot (radians from +x), their lengths. */
const legRests = [
  { name: 'front', hip: { x: 0.24, y: -0.3 }, directions: [-0.35, -1.0, -1.35], lengths: [0.3, 0.23, 0.15] },
  { name: 'middle', hip: { x: 0.3, y: 0.02 }, directions: [0.05, 0.75, 1.05], lengths: [0.33, 0.25, 0.17] },
  { name: 'hind', hip: { x: 0.28, y: 0.3 }, directions: [0.55, 1.2, 1.4], lengths: [0.34, 0.29, 0.18] },
] as const;

/** Builds the body of an individual. */
export function buildBody(individual: Individual): Body {
  const materials = beetleMaterials(individual);
  const turnHead = (x: number, y: number): Point => about(neck, individual.head, x, y);
  const legs = individual.legs.map((pose, index) => {
    const side = index < 3 ? -1 : 1;
    const rest = legRests[index % 3];
    const bends = [pose.hip, pose.hip + pose.knee, pose.hip + pose.knee + pose.ankle];
    const joints = [rest.hip as Point];
    for (let part = 0; part < 3; part++) {
      const angle = rest.directions[part] + bends[part];
      const from = joints[part];
      joints.push({
        x: from.x + rest.lengths[part] * Math.cos(angle),
        y: from.y + rest.lengths[part] * Math.sin(angle),
      });
    }
    const mirrored = joints.map((joint) => ({ x: side * joint.x, y: joint.y }));
    return { name: `${side < 0 ? 'left' : 'right'}-${rest.name}-foot`, joints: mirrored };
  });
  const sides = [-1, 1] as const;
  const jaws = sides.map((side, index) => jawLine(side, individual.jaws[index], turnHead));
  const feelers = sides.map((side, index) => feelerLine(side, individual.feelers[index], turnHead));
  const headAt = turnHead(0, -0.575);
  const eyes = sides.map((side) => turnHead(side * 0.215, -0.6));

  const shapes: Shape[] = [
    ...legs.map((leg) => limb(legLine(leg.joints), 0.1, materials.limb)),
    ...feelers.map((line) => limb(line, 0.1, materials.limb)),
    ...jaws.map((line) => limb(line, 0.13, materials.jaw)),
    dome({
      ...headAt,
      angle: individual.head,
      halfWidth: 0.245,
      halfLength: 0.155,
      exponent: 2.7,
      taper: 0.06,
      relief: 0.55,
      height: 0.15,
      material: materials.head,
    }),
    ...eyes.map((eye) =>
      dome({
        ...eye,
        angle: 0,
        halfWidth: 0.052,
        halfLength: 0.06,
        exponent: 2,
        taper: 0,
        relief: 1,
        height: 0.16,
        material: materials.eye,
      }),
    ),
    dome({
      x: 0,
      y: 0.33,
      angle: 0,
      halfWidth: 0.43,
      halfLength: 0.6,
      exponent: 2.3,
      taper: -0.1,
      relief: 0.62,
      height: 0.17,
      material: materials.wingCases,
    }),
    dome({
      x: 0,
      y: -0.29,
      angle: 0,
      halfWidth: 0.385,
      halfLength: 0.215,
      exponent: 3,
      taper: 0.1,
      relief: 0.5,
      height: 0.18,
      material: materials.collar,
    }),
    dome({
      x: 0,
      y: -0.055,
      angle: 0,
      halfWidth: 0.07,
      halfLength: 0.085,
      exponent: 1.5,
      taper: -0.3,
      relief: 0.5,
      height: 0.18,
      material: materials.head,
    }),
  ];
  const fixed = (name: string, x: number, y: number): BodyLandmark => ({ name, x, y, articulated: false });
  const moving = (name: string, point: Point): BodyLandmark => ({ name, x: point.x, y: point.y, articulated: true });
  const landmarks = [
    fixed('collar-left', -0.36, -0.2),
    fixed('collar-right', 0.36, -0.2),
    fixed('shield', 0, -0.05),
    fixed('flank-left', -0.4, 0.33),
    fixed('flank-right', 0.4, 0.33),
    fixed('tail', 0, 0.9),
    moving('eye-left', eyes[0]),
    moving('eye-right', eyes[1]),
    moving('jaw-left', jaws[0][jaws[0].length - 1]),
    moving('jaw-right', jaws[1][jaws[1].length - 1]),
    ...[0, 3, 2, 5].map((index) => moving(legs[index].name, legs[index].joints[3])),
  ];
  return { shapes, landmarks };
}

/** A leg's outline: a swollen thigh, a slim shin, a thin foot. */
function legLine(joints: readonly Point[]): LimbPoint[] {
  const [hip, knee, ankle, toe] = joints;
  const between = (a: Point, b: Point, t: number, radius: number): LimbPoint => ({
    x: a.x + (b.x - a.x) * t,
    y: a.y + (b.y - a.y) * t,
    radius,
  });
  return [
    { ...hip, radius: 0.045 },
    between(hip, knee, 0.55, 0.06),
    { ...knee, radius: 0.038 },
    between(knee, ankle, 0.75, 0.036),
    { ...ankle, radius: 0.024 },
    between(ankle, toe, 0.85, 0.017),
    { ...toe, radius: 0.012 },
  ];
}

/** One jaw as a curve that swings out and comes back in at the tip. */
function jawLine(side: number, open: number, turnHead: (x: number, y: number) => Point): LimbPoint[] {
  const base = { x: side * 0.12, y: -0.68 };
  return Array.from({ length: 9 }, (_, index) => {
    const t = index / 8;
    const x = base.x + side * (0.62 * t * (1 - t) - 0.07 * t * t);
    const y = base.y - 0.4 * t + 0.06 * t * t;
    const swung = about(base, side * open, x, y);
    return { ...turnHead(swung.x, swung.y), radius: 0.062 * (1 - t) + 0.014 };
  });
}

/** One feeler: a shaft, an elbow, and a club. */
function feelerLine(side: number, swing: number, turnHead: (x: number, y: number) => Point): LimbPoint[] {
  const base = { x: side * 0.21, y: -0.66 };
  const rests = [
    [0, 0, 0.014],
    [0.14, -0.09, 0.012],
    [0.24, -0.02, 0.012],
    [0.29, 0.04, 0.03],
    [0.32, 0.09, 0.022],
  ] as const;
  return rests.map(([x, y, radius]) => {
    const swung = about(base, side * swing, base.x + side * x, base.y + y);
    return { ...turnHead(swung.x, swung.y), radius };
  });
}

/** (x, y) turned about a centre by an angle in radians. */
function about(centre: Point, angle: number, x: number, y: number): Point {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const dx = x - centre.x;
  const dy = y - centre.y;
  return { x: centre.x + cos * dx - sin * dy, y: centre.y + sin * dx + cos * dy };
}
