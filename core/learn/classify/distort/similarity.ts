import { chain, type Matrix3, rotate, scale, translate } from '../../../geometry/matrix.ts';
import type { Random } from '../../../geometry/random.ts';
import type { Sides } from './warp.ts';

const degrees = Math.PI / 180;

/** A turn about the centre by up to 90 degrees either way. **Source**: Jaderberg et al. 2015, section 4.1 (R). */
export function rotationWarp({ width, height }: Sides, random: Random, strength: number): Matrix3 {
  const turn = rotate(random.uniform(-90, 90) * degrees * strength);
  return chain(translate(width / 2, height / 2), turn, translate(-width / 2, -height / 2));
}

/**
 * A turn by up to 45 degrees either way and a scale from 0.7 to 1.2, at a random place of a frame half as large again, in
 * which the scaled frame of the picture lies whole. **Source**: Jaderberg et al. 2015, section 4.1 (RTS).
 */
export function scatterWarp({ width, height }: Sides, random: Random, strength: number): Matrix3 {
  const angle = random.uniform(-45, 45) * degrees * strength;
  const size = 1 - strength + strength * random.uniform(0.7, 1.2);
  const roomFor = (side: number): number => (strength * Math.max(0, Math.round(1.5 * side) - side * size)) / 2;
  const x = Math.round(1.5 * width) / 2 + random.uniform(-1, 1) * roomFor(width);
  const y = Math.round(1.5 * height) / 2 + random.uniform(-1, 1) * roomFor(height);
  return chain(translate(width / 2, height / 2), scale(1 / size), rotate(-angle), translate(-x, -y));
}
