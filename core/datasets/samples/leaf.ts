import type { Random } from '../../geometry/random.ts';
import { hsl, mixInto, smoothstep } from './colour.ts';
import { fractalNoise } from './noise.ts';
import type { Material, Shape } from './shape.ts';

/** Hues of leaves from green through yellow to red and brown, with their saturation. */
const leafHues = [
  [100, 0.5],
  [80, 0.5],
  [48, 0.7],
  [28, 0.75],
  [8, 0.6],
  [25, 0.4],
] as const;

/** A fallen leaf from its stalk at (-1, 0) to its tip at (1, 0), bent, with veins. */
export function drawLeaf(random: Random): Shape {
  const [hue, saturation] = random.pick(leafHues);
  const blade = hsl(hue + random.uniform(-6, 6), saturation, random.uniform(0.3, 0.45));
  const edge = hsl(hue - 15, saturation, 0.28);
  const vein = hsl(hue + 8, saturation * 0.7, 0.62);
  const seed = random.integer(1 << 20);
  const halfWidth = random.uniform(0.3, 0.46);
  const bend = random.uniform(-0.25, 0.25);
  const fullness = random.uniform(0.75, 1.1);
  const locate: Shape['locate'] = (x, y, hit) => {
    const bent = y - bend * (1 - x * x);
    const t = Math.min(1, Math.max(-1, x));
    const bulge = halfWidth * Math.sin(Math.PI * ((t + 1) / 2) ** fullness);
    const teeth = 0.012 * Math.sin(t * 60) * (1 - t * t);
    // Half a thickness of stalk keeps the leaf from vanishing at its ends.
    const outline = Math.max(0, bulge) + teeth + 0.012;
    hit.distance = Math.abs(x) > 1 ? Math.hypot(Math.abs(x) - 1, bent) : (Math.abs(bent) - outline) * 0.85;
    hit.u = bent / (outline + 1e-6);
    hit.v = t;
    const side = Math.sign(bent);
    const ripple = 0.22 * Math.sin(26 * (t - Math.abs(bent) * 0.9));
    hit.nx = 0.35 * t + 0.4 * ripple;
    hit.ny = 0.5 * hit.u - side * 0.35 + 0.4 * ripple * side;
    const norm = Math.hypot(hit.nx, hit.ny, 1);
    hit.nx /= norm;
    hit.ny /= norm;
    hit.nz = 1 / norm;
  };
  const material: Material = (hit, surface) => {
    const blotch = fractalNoise(hit.u * 3 + 20, hit.v * 5, seed, 3);
    mixInto(
      surface,
      blade,
      edge,
      Math.min(1, smoothstep(0.55, 1, Math.abs(hit.u)) * 0.7 + smoothstep(0.5, 0.75, blotch)),
    );
    const rib = smoothstep(0.07, 0.03, Math.abs(hit.u));
    const branch = smoothstep(0.9, 0.99, Math.cos(26 * (hit.v - Math.abs(hit.u) * halfWidth * 0.9) + 1.2));
    mixInto(surface, surface, vein, Math.max(rib, 0.55 * branch));
    surface.gloss = 0.16;
    surface.sharpness = 8;
    surface.metal = 0;
  };
  const reach = halfWidth + Math.abs(bend) + 0.05;
  return { xmin: -1.02, ymin: -reach, xmax: 1.02, ymax: reach, height: 0.06, locate, material };
}
