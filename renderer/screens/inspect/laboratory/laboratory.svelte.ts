import type { Comparison } from '../../../viewer/crop/crop-renderer.ts';
import type { Kernel } from '../../../viewer/crop/shaders.ts';

export type LaboratoryView = 'mapping' | 'interpolation' | 'surface';

/** Sides that a crop has in the laboratory: so few pixels that each can be seen. */
export const sides = [16, 32, 64, 128] as const;

/** What the warp laboratory shows. */
export class LaboratoryState {
  view = $state<LaboratoryView>('mapping');
  side = $state<(typeof sides)[number]>(64);
  kernel = $state<Kernel>('bilinear');
  channel = $state<Comparison['channel']>(0);
  showsSamples = $state(true);
  showsLandings = $state(true);
  /** Where the patch of the surface lies, in the canonical frame. */
  patch = $state.raw<{ readonly x: number; readonly y: number }>({ x: 0, y: 0 });

  /** Side of the crop whose sampling places are drawn on the original. */
  get samples(): number | undefined {
    return this.showsSamples ? this.side : undefined;
  }

  get comparison(): Comparison {
    return { mode: 'none', place: 0.5, gain: 1, cell: 1, channel: this.channel };
  }
}
