import type { Matrix3 } from '../../geometry/matrix.ts';
import { bestShare, keep, posesOf, type Alignment } from './alignment.ts';
import { describePoses, type Describer } from './describe.ts';
import { applyGauge, circularMean, readPose } from './gauge.ts';
import { cellEnergy, gaussianWindow, meanWithout, sumKept } from './template.ts';
import type { View } from './views.ts';

/** Half-size of the canonical crop in the frame in which the set was learned. */
export const cropZoom = 0.75;

/** Cells along a side of the map on which the frame is measured. */
const cells = 24;

/**
 * Moves the canonical frame onto what the set has in common: the centroid of the mean's energy above its background. With
 * `upright`, also turns it so that the mean rotation is 0.
 */
export async function recentre(
  describer: Describer,
  views: readonly View[],
  alignment: Alignment,
  share: number,
  upright: boolean,
): Promise<Alignment> {
  const kept = bestShare(alignment.scores, share);
  const sums = sumKept(await describePoses(describer, posesOf(views, alignment), cells, 1), kept);
  const maps = new Float32Array(sums.maps.length);
  meanWithout(sums, -1, maps);
  const window = gaussianWindow(cells, 0.5);
  const { energy } = cellEnergy(maps, 0, sums.described.channels, window);
  const floor = [...energy].sort((a, b) => a - b)[Math.floor(energy.length / 2)];
  let [x, y, total] = [0, 0, 1e-9];
  energy.forEach((value, i) => {
    const weight = Math.max(0, value - floor) * window[i];
    total += weight;
    x += weight * (((i % cells) + 0.5) * (2 / cells) - 1);
    y += weight * ((Math.floor(i / cells) + 0.5) * (2 / cells) - 1);
  });
  const turn = upright ? -circularMean(keep(alignment.warps, kept).map((warp) => readPose(warp).rotation)).angle : 0;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const gauge: Matrix3 = [c, -s, x / total, s, c, y / total, 0, 0, 1];
  return { ...alignment, warps: applyGauge(alignment.warps, gauge) };
}
