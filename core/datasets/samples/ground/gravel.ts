import { hsl, mixInto, smoothstep } from '../colour.ts';
import { cellNoise, fractalNoise, type CellPlace } from '../noise.ts';
import { writeLit, type GroundKind } from './kind.ts';

/** Rounded pebbles in two tones with dark gaps. */
export const gravel: GroundKind = (random, lightX, lightY) => {
  const seed = random.integer(1 << 20);
  const size = random.uniform(13, 24);
  const hue = random.uniform(15, 55);
  const pale = hsl(hue, random.uniform(0.04, 0.2), random.uniform(0.55, 0.72));
  const deep = hsl(hue + random.uniform(-20, 160), random.uniform(0.05, 0.18), random.uniform(0.3, 0.45));
  const place: CellPlace = { nearest: 0, second: 0, identity: 0 };
  const relief = (x: number, y: number): number => {
    cellNoise(x / size, y / size, seed, place);
    return Math.sqrt(smoothstep(0, 0.55, place.second - place.nearest));
  };
  return (x, y, out) => {
    const wobble = 5 * fractalNoise(x / 9, y / 9, seed + 3, 2);
    const behind = relief(x + wobble - 2.5 * lightX, y + wobble - 2.5 * lightY);
    const height = relief(x + wobble, y + wobble);
    mixInto(out, deep, pale, place.identity);
    const grain = 0.75 + 0.5 * fractalNoise(x / 3, y / 3, seed + 5, 2);
    writeLit(out, out, grain * (0.25 + 0.75 * height) * Math.max(0.2, 1 + 0.9 * (behind - height)));
  };
};
