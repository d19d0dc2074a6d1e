import { hsl, mixInto, smoothstep, type Colour } from '../colour.ts';
import { latticeNoise, valueNoise } from '../noise.ts';
import type { Hit, Material, Surface } from '../shape.ts';
import type { Individual } from './individual.ts';

/** What the parts of one beetle are made of. */
export interface BeetleMaterials {
  readonly wingCases: Material;
  readonly collar: Material;
  readonly head: Material;
  readonly limb: Material;
  readonly jaw: Material;
  readonly eye: Material;
}

/** Makes the materials of an individual: metallic shell with a sheen, pale markings, dark lacquered limbs. */
export function beetleMaterials(individual: Individual): BeetleMaterials {
  const { hue, sheenHue, saturation, lightness, markHue, spots, grain } = individual;
  const shell = hsl(hue, saturation, lightness);
  const sheen = hsl(sheenHue, saturation, lightness * 0.9);
  const mark = hsl(markHue, 0.85, 0.68);
  const dark = hsl(hue + 10, 0.35, 0.13);
  const horn = hsl(18, 0.6, 0.16);
  const hornTip = hsl(16, 0.7, 0.08);

  const metallic = (hit: Hit, surface: Surface): void => {
    mixInto(surface, shell, sheen, smoothstep(0.95, 0.35, hit.nz));
    surface.gloss = 0.6;
    surface.sharpness = 22;
    surface.metal = 0.6;
  };
  const puncture = (hit: Hit, frequency: number, depth: number): void => {
    hit.nx += depth * (valueNoise(hit.u * frequency, hit.v * frequency, grain) - 0.5);
    hit.ny += depth * (valueNoise(hit.u * frequency, hit.v * frequency, grain + 7) - 0.5);
  };
  const paintMark = (surface: Surface, amount: number): void => {
    mixInto(surface, surface, mark, amount);
    surface.metal *= 1 - amount;
    surface.gloss *= 1 - 0.7 * amount;
  };

  const wingCases: Material = (hit, surface) => {
    metallic(hit, surface);
    const side = Math.abs(hit.u);
    // Fine grooves along each wing case, fading towards the rim.
    hit.nx += 0.1 * Math.sin(side * 26) * smoothstep(1, 0.7, side) * smoothstep(0.02, 0.1, side);
    puncture(hit, 26, 0.08);
    for (const [x, y, radius] of spots) {
      const dx = (hit.u - x) * 0.85;
      const dy = hit.v - y;
      const distance = Math.sqrt(dx * dx + dy * dy) + 0.05 * (valueNoise(hit.u * 7, hit.v * 7, grain) - 0.5);
      const amount = smoothstep(radius + 0.03, radius - 0.03, distance);
      if (amount > 0) paintMark(surface, amount);
      darken(surface, 1 - 0.45 * smoothstep(radius + 0.1, radius + 0.02, distance) * (1 - amount));
    }
    // The seam where the wing cases meet.
    hit.nx -= Math.sign(hit.u) * 0.22 * smoothstep(0.2, 0.0, side);
    darken(surface, 1 - 0.85 * smoothstep(0.035, 0.012, side));
  };
  const collar: Material = (hit, surface) => {
    metallic(hit, surface);
    puncture(hit, 20, 0.22);
    const side = Math.abs(hit.u);
    hit.nx -= Math.sign(hit.u) * 0.25 * smoothstep(0.12, 0, side);
    paintMark(
      surface,
      smoothstep(0.66, 0.74, side) * smoothstep(0.97, 0.9, side) * smoothstep(0.95, 0.8, Math.abs(hit.v)),
    );
  };
  const head: Material = (hit, surface) => {
    metallic(hit, surface);
    puncture(hit, 9, 0.25);
    darken(surface, 0.75);
  };
  const limb: Material = (hit, surface) => {
    mixInto(surface, dark, shell, 0.25 * smoothstep(0.4, -0.8, hit.v));
    darken(surface, 0.9 + 0.2 * latticeNoise(Math.floor(hit.v * 30), 0, grain));
    surface.gloss = 0.55;
    surface.sharpness = 18;
    surface.metal = 0.1;
  };
  const jaw: Material = (hit, surface) => {
    mixInto(surface, horn, hornTip, smoothstep(-0.2, 0.9, hit.v));
    surface.gloss = 0.9;
    surface.sharpness = 34;
    surface.metal = 0;
  };
  const eye: Material = (_hit, surface) => {
    surface.red = surface.green = surface.blue = 0.012;
    surface.gloss = 1.4;
    surface.sharpness = 60;
    surface.metal = 0;
  };
  return { wingCases, collar, head, limb, jaw, eye };
}

function darken(colour: Colour, factor: number): void {
  colour.red *= factor;
  colour.green *= factor;
  colour.blue *= factor;
}
