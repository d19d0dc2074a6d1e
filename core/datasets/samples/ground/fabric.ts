import { hsl, mixInto } from '../colour.ts';
import { fractalNoise, latticeNoise } from '../noise.ts';
import { writeLit, type GroundKind } from './kind.ts';

/** A plain weave: threads that pass over and under one another, uneven and slightly slack, with a check. */
export const fabric: GroundKind = (random, lightX, lightY) => {
  const seed = random.integer(1 << 20);
  const pitch = random.uniform(4.5, 7);
  const hue = random.uniform(0, 360);
  const warp = hsl(hue, random.uniform(0.08, 0.45), random.uniform(0.45, 0.75));
  const weft = hsl(hue + random.uniform(-25, 25), random.uniform(0.05, 0.4), random.uniform(0.4, 0.7));
  const stripe = hsl(hue + 180, random.uniform(0.05, 0.35), random.uniform(0.35, 0.6));
  const period = 10 + random.integer(10);
  const width = 1 + random.integer(3);
  return (x, y, out) => {
    const slack = 5 * fractalNoise(x / 45, y / 45, seed, 2);
    const u = (x + slack) / pitch;
    const v = (y - slack) / pitch;
    const column = Math.floor(u);
    const row = Math.floor(v);
    const over = (column + row) % 2 === 0;
    const across = (over ? u - column : v - row) * 2 - 1;
    const along = (over ? v - row : u - column) * 2 - 1;
    const thread = over ? column : row + 5000;
    const tone = 0.8 + 0.4 * latticeNoise(thread, 0, seed);
    const striped = (((over ? column : row) % period) + period) % period < width;
    mixInto(out, over ? warp : weft, stripe, striped ? 0.65 : 0);
    const round = Math.sqrt(Math.max(0, 1 - across * across * 0.9)) * (1 - 0.3 * along * along);
    const lean = 1 + 0.35 * across * (over ? lightX : lightY);
    writeLit(out, out, tone * lean * (0.3 + 0.7 * round) * (0.85 + 0.3 * fractalNoise(x / 2, y / 2, seed + 9, 2)));
  };
};
