import { hsl, mixInto, smoothstep } from '../colour.ts';
import { cellNoise, fractalNoise, type CellPlace } from '../noise.ts';
import { writeLit, type GroundKind } from './kind.ts';

/** Rough stone with lichen and fine cracks. */
export const slate: GroundKind = (random, lightX, lightY) => {
  const seed = random.integer(1 << 20);
  const stone = hsl(random.uniform(180, 260), random.uniform(0.02, 0.14), random.uniform(0.36, 0.55));
  const lichen = hsl(random.uniform(40, 85), random.uniform(0.08, 0.28), random.uniform(0.5, 0.62));
  const crackSize = random.uniform(70, 120);
  const lichenLevel = random.uniform(0.5, 0.62);
  const place: CellPlace = { nearest: 0, second: 0, identity: 0 };
  const relief = (x: number, y: number): number => fractalNoise(x / 38, y / 38, seed, 5);
  return (x, y, out) => {
    const height = relief(x, y);
    const lean = relief(x - 1.6 * lightX, y - 1.6 * lightY) - height;
    const wobble = 26 * height;
    cellNoise((x + wobble) / crackSize, (y - wobble) / crackSize, seed + 4, place);
    const crack = smoothstep(0.0, 0.035, place.second - place.nearest);
    const patch = fractalNoise(x / 30 + 50, y / 30, seed + 8, 4);
    mixInto(out, stone, lichen, 0.75 * smoothstep(lichenLevel, lichenLevel + 0.08, patch));
    writeLit(out, out, (0.3 + 0.7 * crack) * Math.max(0.25, 0.7 + 0.6 * height + 5 * lean));
  };
};
