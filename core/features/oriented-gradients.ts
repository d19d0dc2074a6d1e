import { add, div, mul } from '../graph/ops/arithmetic.ts';
import { conv } from '../graph/ops/convolution.ts';
import { relu, sqrt } from '../graph/ops/elementwise.ts';
import { pad } from '../graph/ops/padding.ts';
import { reduceSum } from '../graph/ops/reduce.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';
import { convolveTaps, gaussianTaps, smooth } from './smoothing.ts';

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
  const framed = pad(g, blurred, { pads: [0, 0, 1, 1, 0, 0, 1, 1], mode: 'edge' });
  const differences = [0, 0, 0, -0.5, 0, 0.5, 0, 0, 0, 0, -0.5, 0, 0, 0, 0, 0, 0.5, 0];
  const gradient = conv(g, framed, g.constant(differences, [2, 1, 3, 3]), null);
  const energy = reduceSum(g, mul(g, gradient, gradient), { axes: [1], keepDims: true });
  const directions = Array.from({ length: gradientLayout.channels }, (_, i) => {
    const angle = (2 * Math.PI * i) / gradientLayout.channels;
    return [Math.cos(angle), Math.sin(angle)];
  }).flat();
  const along = relu(g, conv(g, gradient, g.constant(directions, [gradientLayout.channels, 2, 1, 1]), null));
  const energyRadius = 2.5 * energySigma;
  const local = sqrt(
    g,
    add(g, smooth(g, energy, gaussianTaps(energySigma, energyRadius), around(energyRadius)), 1e-12),
  );
  /* magnitude * cos^3 = along^3 / magnitude^2 */
  const shares = div(
    g,
    mul(g, mul(g, along, along), along),
    mul(g, add(g, energy, 1e-8), add(g, local, contrastFloor)),
  );
  const poolRadius = 2.5 * poolSigma;
  const taps = convolveTaps(gaussianTaps(poolSigma, poolRadius), [0.25, 0.25, 0.25, 0.25]);
  const cells = smooth(g, shares, taps, {
    stride: gradientLayout.stride,
    before: poolRadius,
    edge: false,
  });
  return sqrt(g, add(g, cells, 1e-8));
}

function around(radius: number): { stride: number; before: number; edge: boolean } {
  return { stride: 1, before: radius, edge: true };
}
