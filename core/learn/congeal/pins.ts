import { chain, determinant, identity3, invert, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import type { Alignment } from './alignment.ts';
import { cropZoom } from './frame.ts';
import { neutralGauge, normalise } from './gauge.ts';
import { flip, type View } from './views.ts';

/**
 * A view whose pose is fixed where there is a pin for it.
 *
 * **Convention**: `canonicalToImage` takes the canonical frame of the result to pixels of the oriented original; the pin's
 * warp takes the frame of learning, which the result shows cropped, to the search frame.
 */
export function pinView(view: View, canonicalToImage: Matrix3 | undefined): View {
  if (canonicalToImage === undefined) return view;
  const mirrored = determinant(canonicalToImage) < 0;
  const learning: Matrix3 = [1 / cropZoom, 0, 0, 0, 1 / cropZoom, 0, 0, 0, 1];
  const seen = chain(invert(view.searchToPixels), canonicalToImage, learning);
  return { ...view, pin: { warp: normalise(mirrored ? multiply(flip, seen) : seen), mirrored } };
}

/** Whether any pose is fixed: then the canonical frame is, too. */
export function hasPins(views: readonly View[]): boolean {
  return views.some((view) => view.pin !== undefined);
}

/** An alignment with the fixed poses as they were fixed. */
export function holdPins(views: readonly View[], alignment: Alignment): Alignment {
  if (!hasPins(views)) return alignment;
  return {
    warps: alignment.warps.map((warp, n) => views[n].pin?.warp ?? warp),
    mirrored: alignment.mirrored.map((mirrored, n) => views[n].pin?.mirrored ?? mirrored),
    scores: alignment.scores,
  };
}

/** The similarity that, applied first, takes the fixed images back on the average from where a step has led them. */
export function pinGauge(views: readonly View[], warps: readonly Matrix3[]): Matrix3 {
  const drifts = views.flatMap(({ pin }, n) => (pin === undefined ? [] : [multiply(invert(pin.warp), warps[n])]));
  return drifts.length === 0 ? identity3 : neutralGauge(drifts, true);
}
