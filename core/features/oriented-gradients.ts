import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reciprocal, relu, sqrt } from '../graph/ops/elementwise.ts';
import { gather } from '../graph/ops/indexing.ts';
import { concat, transpose } from '../graph/ops/movement.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';
import { convolveTaps, filterAcross, filterDown, gaussianTaps, smooth } from './smoothing.ts';

/** What oriented gradients look like from outside: see `FeatureExtractor`. */
export const gradientLayout = {
  name: 'gradients',
  inputChannels: 1,
  channels: 8,
  stride: 4,
  centre: 1.5,
  context: { kernel: 3, dilation: 2, components: 48 },
} as const;

const blurSigma = 1;
const energySigma = 6;
const poolSigma = 2;
const contrastFloor = 0.02;

/**
 * Oriented gradients of grey crops: `[N, 1, H, W]` in 0..1 to `[N, 8, H / 4, W / 4]`, H and W multiples of 4 and fixed
 * in the graph (N may be any).
 *
 * Blur, gradients, eight signed directions with soft (cos^3) shares of the magnitude, divided by the local contrast,
 * averaged over 4 x 4 cells with a Gaussian reach of 2 pixels, square root.
 */
export function orientedGradientNodes(g: Builder, grey: Value): Value {
  const blurRadius = 3 * blurSigma;
  const blurred = smooth(g, grey, gaussianTaps(blurSigma, blurRadius), around(blurRadius));
  /* Half the differences of neighbours. */
  const x = filterAcross(g, blurred, [-0.5, 0, 0.5], around(1));
  const y = filterDown(g, blurred, [-0.5, 0, 0.5], around(1));
  /* Four directions; the other four are their opposites. */
  const diagonal = Math.SQRT1_2;
  const along = concat(g, [x, mul(g, add(g, x, y), diagonal), y, mul(g, sub(g, y, x), diagonal)], 1);
  const energy = add(g, mul(g, x, x), mul(g, y, y));
  const energyRadius = 2.5 * energySigma;
  const local = sqrt(
    g,
    add(g, smooth(g, energy, gaussianTaps(energySigma, energyRadius), around(energyRadius)), 1e-12),
  );
  /* magnitude * cos^3 = along^3 / magnitude^2 */
  const contrast = mul(g, add(g, energy, 1e-8), add(g, local, contrastFloor));
  const shares = mul(g, mul(g, mul(g, along, along), along), reciprocal(g, contrast));
  const poolRadius = 2.5 * poolSigma;
  const taps = convolveTaps(gaussianTaps(poolSigma, poolRadius), [0.25, 0.25, 0.25, 0.25]);
  const pool = { stride: gradientLayout.stride, before: poolRadius, edge: false };
  /* Smoothing is linear: what points the other way is what points this way less the signed sum. */
  const ahead = smooth(g, relu(g, shares), taps, pool);
  const behind = relu(g, sub(g, ahead, smooth(g, shares, taps, pool)));
  return sqrt(g, add(g, concat(g, [ahead, behind], 1), 1e-8));
}

/**
 * Adds the maps of crops turned by 0, 90, 180 and 270 degrees, made from those of the upright ones: `[N, 8, h, h]` becomes
 * `[4 N, 8, h, h]`, one turn after the other. Everything that makes the maps is symmetric, so that turning an image turns
 * its maps, and its directions by two of eight.
 */
export function quarterTurnNodes(g: Builder, upright: Value): Value {
  const [, directions, , side] = upright.shape;
  const turns = [upright];
  for (let turn = 1; turn < 4; turn++) {
    const turned = gather(
      g,
      transpose(g, turns[turn - 1], [0, 1, 3, 2]),
      Array.from({ length: side }, (_, i) => side - 1 - i),
      2,
    );
    const ahead = Array.from({ length: directions }, (_, i) => (i + directions / 4) % directions);
    turns.push(gather(g, turned, ahead, 1));
  }
  return concat(g, turns, 0);
}

function around(radius: number): { stride: number; before: number; edge: boolean } {
  return { stride: 1, before: radius, edge: true };
}
