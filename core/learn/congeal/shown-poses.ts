import type { PosesEvent } from '../event.ts';
import type { Alignment } from './alignment.ts';
import { cropZoom } from './frame.ts';
import { windowToUnit, type View } from './views.ts';

/** The event that shows an alignment in the making: of the first images where it has fewer than there are views. */
export function shownPoses(phase: string, views: readonly View[], { warps, mirrored }: Alignment): PosesEvent {
  return {
    kind: 'poses',
    phase,
    poses: () =>
      warps.map((warp, n) => ({ id: views[n].id, toUnit: windowToUnit(views[n], warp, cropZoom, mirrored[n]) })),
  };
}
