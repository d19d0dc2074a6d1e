import { hsl, mixInto, smoothstep } from '../colour.ts';
import { fractalNoise, latticeNoise, valueNoise } from '../noise.ts';
import { writeLit, type GroundKind } from './kind.ts';

/** Planks with year rings, grain and dark joints. */
export const wood: GroundKind = (random) => {
  const seed = random.integer(1 << 20);
  const hue = random.uniform(18, 36);
  const saturation = random.uniform(0.2, 0.5);
  const lightness = random.uniform(0.42, 0.66);
  const pale = hsl(hue, saturation, lightness);
  const deep = hsl(hue - 6, saturation + 0.1, lightness * 0.62);
  const plank = random.uniform(80, 130);
  const rings = random.uniform(5, 9);
  return (x, y, out) => {
    const board = Math.floor(y / plank);
    const across = y / plank - board;
    const shift = 900 * latticeNoise(board, 1, seed);
    const bend = fractalNoise((x + shift) / 170, y / 34 + shift, seed + board, 3);
    const ring = 0.5 + 0.5 * Math.sin(rings * 6.28 * bend);
    const grain = fractalNoise((x + shift) / 26, y / 1.6, seed + 11, 3);
    mixInto(out, pale, deep, 0.62 * smoothstep(0.35, 1, ring) + 0.5 * smoothstep(0.5, 0.8, grain));
    const joint = smoothstep(0, 0.022, Math.min(across, 1 - across));
    const tone = 0.85 + 0.3 * latticeNoise(board, 2, seed);
    writeLit(out, out, tone * (0.25 + 0.75 * joint) * (0.92 + 0.16 * valueNoise(x / 3, y / 2, seed + 4)));
  };
};
