import { hsl, mixInto } from '../colour.ts';
import { fractalNoise, latticeNoise } from '../noise.ts';
import { writeLit, type GroundKind } from './kind.ts';

/** Rippled sand with single grains. */
export const sand: GroundKind = (random, lightX, lightY) => {
  const seed = random.integer(1 << 20);
  const hue = random.uniform(28, 46);
  const pale = hsl(hue, random.uniform(0.2, 0.45), random.uniform(0.62, 0.76));
  const deep = hsl(hue - 8, random.uniform(0.15, 0.4), random.uniform(0.4, 0.5));
  const wave = random.uniform(26, 50);
  const relief = (x: number, y: number): number =>
    Math.sin((6.28 * (y + 34 * fractalNoise(x / 90, y / 60, seed, 2))) / wave) * 0.5 +
    1.2 * fractalNoise(x / 14, y / 14, seed + 3, 3);
  return (x, y, out) => {
    const lean = relief(x - 3 * lightX, y - 3 * lightY) - relief(x, y);
    const grain = latticeNoise(Math.floor(x / 1.5), Math.floor(y / 1.5), seed + 6);
    mixInto(out, pale, deep, grain > 0.93 ? 0.9 : 0.3 * grain);
    writeLit(out, out, Math.max(0.3, 0.85 + 0.55 * lean + 0.2 * (grain - 0.5)));
  };
};
