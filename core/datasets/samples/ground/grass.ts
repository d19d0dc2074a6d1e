import { hsl, mixInto, smoothstep } from '../colour.ts';
import { fractalNoise, latticeNoise, valueNoise } from '../noise.ts';
import { writeLit, type GroundKind } from './kind.ts';

const layers = 4;

/** Blades in several layers and directions over dark soil. */
export const grass: GroundKind = (random) => {
  const seed = random.integer(1 << 20);
  const hue = random.uniform(68, 125);
  const lush = hsl(hue, random.uniform(0.2, 0.4), random.uniform(0.28, 0.38));
  const dry = hsl(hue - random.uniform(15, 40), random.uniform(0.25, 0.5), random.uniform(0.45, 0.6));
  const soil = hsl(30, 0.25, 0.14);
  const turns = Array.from({ length: layers }, (_, layer) => {
    const angle = random.uniform(-0.5, 0.5) + layer * 0.8;
    return [Math.cos(angle), Math.sin(angle)] as const;
  });
  const blade = random.uniform(3.4, 5);
  return (x, y, out) => {
    mixInto(out, soil, lush, 0.35 * fractalNoise(x / 12, y / 12, seed, 2));
    for (let layer = 0; layer < layers; layer++) {
      const [cos, sin] = turns[layer];
      const bend = 14 * valueNoise(x / 40, y / 40, seed + 40 + layer);
      const along = cos * x + sin * y;
      const lane = (-sin * x + cos * y + bend) / blade;
      const column = Math.floor(lane);
      const side = (lane - column) * 2 - 1;
      // Each lane holds one blade after another, tapering to a tip.
      const start = along / 46 + 7 * latticeNoise(column, layer, seed);
      const piece = Math.floor(start);
      const t = start - piece;
      const kind = latticeNoise(column, piece, seed + 9 + layer);
      if (kind < 0.3) continue;
      const edge = smoothstep(0.12, -0.12, Math.abs(side) - 0.95 * (1 - t) ** 0.6);
      const lit = (0.4 + 0.25 * layer * (0.4 + 0.6 * t)) * (side > 0 ? 1.08 : 0.85);
      const mixed = smoothstep(0.3, 1, kind);
      const red = (lush.red + (dry.red - lush.red) * mixed) * lit;
      const green = (lush.green + (dry.green - lush.green) * mixed) * lit;
      const blue = (lush.blue + (dry.blue - lush.blue) * mixed) * lit;
      out.red += (red - out.red) * edge;
      out.green += (green - out.green) * edge;
      out.blue += (blue - out.blue) * edge;
    }
    writeLit(out, out, 1.1);
  };
};
