import { smoothstep, type Colour } from './colour.ts';
import type { Hit, Shape, Surface } from './shape.ts';

/** Where a drawing stands in the picture: pixel = scale * R(angle) * point + (x, y). */
export interface View {
  readonly scale: number;
  /** Radians, turning x towards y. */
  readonly angle: number;
  readonly x: number;
  readonly y: number;
}

/** A distant light: unit vector towards it in the picture's frame, z towards the eye, with its colour. */
export interface Light {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly colour: Colour;
  readonly ambient: Colour;
}

/** A transparent picture: linear light multiplied by coverage (interleaved RGB), coverage, and cast shadow. */
export interface Layer {
  readonly width: number;
  readonly height: number;
  readonly colour: Float32Array;
  readonly alpha: Float32Array;
  readonly shadow: Float32Array;
}

/** An empty layer. */
export function createLayer(width: number, height: number): Layer {
  const area = width * height;
  return {
    width,
    height,
    colour: new Float32Array(3 * area),
    alpha: new Float32Array(area),
    shadow: new Float32Array(area),
  };
}

const hit: Hit = { distance: 0, nx: 0, ny: 0, nz: 1, u: 0, v: 0 };
const surface: Surface = { red: 0, green: 0, blue: 0, gloss: 0, sharpness: 1, metal: 0 };

/** Draws a shape over the layer with antialiased edges, and darkens what lies close around and below it. */
export function paintShape(layer: Layer, view: View, light: Light, shape: Shape): void {
  const cos = Math.cos(view.angle);
  const sin = Math.sin(view.angle);
  const lightX = cos * light.x + sin * light.y;
  const lightY = -sin * light.x + cos * light.y;
  const halfway = Math.sqrt(lightX * lightX + lightY * lightY + (light.z + 1) ** 2);
  const contact = 5 / view.scale + 0.03;
  forEachPixel(layer, view, shape, contact, 0, 0, (index, x, y) => {
    shape.locate(x, y, hit);
    const coverage = Math.min(1, Math.max(0, 0.5 - hit.distance * view.scale));
    if (coverage < 1 && hit.distance < contact && layer.alpha[index] > 0) {
      const dark = 1 - 0.55 * (1 - smoothstep(0, contact, hit.distance));
      layer.colour[3 * index] *= dark;
      layer.colour[3 * index + 1] *= dark;
      layer.colour[3 * index + 2] *= dark;
    }
    if (coverage === 0) return;
    shape.material(hit, surface);
    const facing = hit.nx * lightX + hit.ny * lightY + hit.nz * light.z;
    // Half-wrapped Lambert: soft light, as under a hazy sky.
    const diffuse = Math.max(0, (facing + 0.25) / 1.25);
    const towards = Math.max(0, (hit.nx * lightX + hit.ny * lightY + hit.nz * (light.z + 1)) / halfway);
    const highlight = surface.gloss * towards ** surface.sharpness;
    const rim = 0.22 * surface.gloss * (1 - hit.nz) ** 3;
    const blend = (albedo: number, sun: number, sky: number): number =>
      albedo * (diffuse * sun + (0.55 + 0.45 * hit.nz) * sky) +
      (surface.metal * albedo * 2.2 + (1 - surface.metal)) * (highlight * sun + rim * sky);
    const keep = 1 - coverage;
    const base = 3 * index;
    layer.colour[base] = layer.colour[base] * keep + coverage * blend(surface.red, light.colour.red, light.ambient.red);
    layer.colour[base + 1] =
      layer.colour[base + 1] * keep + coverage * blend(surface.green, light.colour.green, light.ambient.green);
    layer.colour[base + 2] =
      layer.colour[base + 2] * keep + coverage * blend(surface.blue, light.colour.blue, light.ambient.blue);
    layer.alpha[index] = layer.alpha[index] * keep + coverage;
  });
}

/** Adds the soft shadow that a shape throws on the ground, away from the light. */
export function castShadow(layer: Layer, view: View, light: Light, shape: Shape): void {
  const throwX = (-light.x / light.z) * shape.height * view.scale;
  const throwY = (-light.y / light.z) * shape.height * view.scale;
  const soft = 0.03 + 0.35 * shape.height;
  forEachPixel(layer, view, shape, soft, throwX, throwY, (index, x, y) => {
    shape.locate(x, y, hit);
    const dark = 1 - smoothstep(-soft, soft, hit.distance);
    if (dark > layer.shadow[index]) layer.shadow[index] = dark;
  });
}

/** Visits the pixels around a shape moved by (shiftX, shiftY) pixels, with the shape's coordinates of their centres. */
function forEachPixel(
  layer: Layer,
  view: View,
  shape: Shape,
  margin: number,
  shiftX: number,
  shiftY: number,
  visit: (index: number, x: number, y: number) => void,
): void {
  const cos = Math.cos(view.angle);
  const sin = Math.sin(view.angle);
  const centreX = (shape.xmin + shape.xmax) / 2;
  const centreY = (shape.ymin + shape.ymax) / 2;
  const halfX = (shape.xmax - shape.xmin) / 2 + margin;
  const halfY = (shape.ymax - shape.ymin) / 2 + margin;
  const pixelX = view.scale * (cos * centreX - sin * centreY) + view.x + shiftX;
  const pixelY = view.scale * (sin * centreX + cos * centreY) + view.y + shiftY;
  const reachX = view.scale * (Math.abs(cos) * halfX + Math.abs(sin) * halfY) + 1;
  const reachY = view.scale * (Math.abs(sin) * halfX + Math.abs(cos) * halfY) + 1;
  const left = Math.max(0, Math.floor(pixelX - reachX));
  const right = Math.min(layer.width - 1, Math.ceil(pixelX + reachX));
  const top = Math.max(0, Math.floor(pixelY - reachY));
  const bottom = Math.min(layer.height - 1, Math.ceil(pixelY + reachY));
  for (let row = top; row <= bottom; row++) {
    const dy = (row + 0.5 - view.y - shiftY) / view.scale;
    for (let column = left; column <= right; column++) {
      const dx = (column + 0.5 - view.x - shiftX) / view.scale;
      visit(row * layer.width + column, cos * dx + sin * dy, -sin * dx + cos * dy);
    }
  }
}
