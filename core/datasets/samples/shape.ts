import type { Colour } from './colour.ts';

/** Where a point stands with respect to a shape; mutable, one is reused for every pixel. */
export interface Hit {
  /** Signed distance to the outline in the shape's units, negative inside. */
  distance: number;
  /** Surface normal: x and y in the picture plane, z towards the eye. Only meaningful inside. */
  nx: number;
  ny: number;
  nz: number;
  /** The shape's own coordinates: across in [-1, 1] and along in [-1, 1]. */
  u: number;
  v: number;
}

/** What a surface is made of at one point; mutable, reused like `Hit`. */
export interface Surface extends Colour {
  /** Strength of the highlight. */
  gloss: number;
  /** Narrowness of the highlight (the exponent). */
  sharpness: number;
  /** 0: the highlight is white; 1: it has the colour of the surface. */
  metal: number;
}

/** Something that can be drawn: an outline with a relief, and a material. */
export interface Shape {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
  /** Height above the ground: how far its shadow falls. */
  readonly height: number;
  readonly locate: (x: number, y: number, hit: Hit) => void;
  /** Fills `surface`, and may tilt the normal of `hit`. */
  readonly material: Material;
}

/** Fills a surface from a hit. */
export type Material = (hit: Hit, surface: Surface) => void;

/** A rounded plate: a tapered superellipse with a domed relief. */
export interface DomeOptions {
  readonly x: number;
  readonly y: number;
  /** Radians, turning x towards y. */
  readonly angle: number;
  readonly halfWidth: number;
  readonly halfLength: number;
  /** 2 is an ellipse, more is boxier. */
  readonly exponent: number;
  /** How much wider (positive) or narrower the end at +v is than the middle. */
  readonly taper: number;
  /** Height of the relief over the half width. */
  readonly relief: number;
  readonly height: number;
  readonly material: Material;
}

/** Makes a dome; its distance is the implicit function over its gradient, exact on the outline. */
export function dome(options: DomeOptions): Shape {
  const { x: cx, y: cy, angle, halfWidth, halfLength, exponent, taper, relief, height, material } = options;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const widest = halfWidth * (1 + Math.abs(taper));
  const reachX = Math.abs(cos) * widest + Math.abs(sin) * halfLength;
  const reachY = Math.abs(sin) * widest + Math.abs(cos) * halfLength;
  const locate = (x: number, y: number, hit: Hit): void => {
    const localX = cos * (x - cx) + sin * (y - cy);
    const localY = -sin * (x - cx) + cos * (y - cy);
    const v = localY / halfLength;
    const width = halfWidth * (1 + taper * Math.max(-1.5, Math.min(1.5, v)));
    const u = localX / width;
    const au = Math.abs(u) + 1e-9;
    const av = Math.abs(v) + 1e-9;
    const slopeU = au ** (exponent - 1);
    const slopeV = av ** (exponent - 1);
    const power = au * slopeU + av * slopeV;
    const norm = power ** (1 / exponent);
    const gradientX = (slopeU * norm * Math.sign(u)) / (power * width);
    const gradientY = (slopeV * norm * Math.sign(v)) / (power * halfLength);
    hit.distance = (norm - 1) / Math.sqrt(gradientX * gradientX + gradientY * gradientY);
    // z = relief * halfWidth * sqrt(1 - norm^2), whose slope gives the normal.
    const slope = (relief * halfWidth * norm) / Math.sqrt(Math.max(0.02, 1 - norm * norm));
    const tiltX = slope * gradientX;
    const tiltY = slope * gradientY;
    const inverse = 1 / Math.sqrt(tiltX * tiltX + tiltY * tiltY + 1);
    hit.nx = (cos * tiltX - sin * tiltY) * inverse;
    hit.ny = (sin * tiltX + cos * tiltY) * inverse;
    hit.nz = inverse;
    hit.u = u;
    hit.v = v;
  };
  return { xmin: cx - reachX, ymin: cy - reachY, xmax: cx + reachX, ymax: cy + reachY, height, locate, material };
}

/** A point of a limb's centre line with the limb's radius there. */
export interface LimbPoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Makes a round limb along a centre line; v runs from -1 at its root to 1 at its tip. */
export function limb(points: readonly LimbPoint[], height: number, material: Material): Shape {
  const last = points.length - 1;
  const pieces = points.slice(0, last).map((from, index) => {
    const dx = points[index + 1].x - from.x;
    const dy = points[index + 1].y - from.y;
    return { ...from, dx, dy, swell: points[index + 1].radius - from.radius, inverse: 1 / (dx * dx + dy * dy) };
  });
  const locate = (x: number, y: number, hit: Hit): void => {
    let best = Infinity;
    for (let index = 0; index < last; index++) {
      const piece = pieces[index];
      const { dx, dy } = piece;
      const px = x - piece.x;
      const py = y - piece.y;
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) * piece.inverse));
      const offsetX = px - dx * t;
      const offsetY = py - dy * t;
      const radius = piece.radius + piece.swell * t;
      const length = Math.sqrt(offsetX * offsetX + offsetY * offsetY);
      if (length - radius < best) {
        best = length - radius;
        hit.nx = offsetX / radius;
        hit.ny = offsetY / radius;
        hit.u = length / radius;
        hit.v = (2 * (index + t)) / last - 1;
      }
    }
    hit.distance = best;
    const steep = Math.sqrt(hit.nx * hit.nx + hit.ny * hit.ny);
    if (steep > 0.98) {
      hit.nx *= 0.98 / steep;
      hit.ny *= 0.98 / steep;
    }
    hit.nz = Math.sqrt(1 - hit.nx * hit.nx - hit.ny * hit.ny);
  };
  return {
    xmin: Math.min(...points.map((point) => point.x - point.radius)),
    ymin: Math.min(...points.map((point) => point.y - point.radius)),
    xmax: Math.max(...points.map((point) => point.x + point.radius)),
    ymax: Math.max(...points.map((point) => point.y + point.radius)),
    height,
    locate,
    material,
  };
}
