import type { Layer } from '../layers.ts';

/** Where a map lies in what it was made from: x there = step * x here + offset, both in pixels of the corner frame. */
export interface ReceptiveField {
  readonly step: number;
  readonly offset: number;
}

/** The field of a map that is the image itself. */
export const wholeField: ReceptiveField = { step: 1, offset: 0 };

/** The field behind one more layer: that of the centres of its windows. Dense layers have no places and no field. */
export function fieldBehind(
  layer: Exclude<Layer, { kind: 'dense' }>,
  { step, offset }: ReceptiveField,
): ReceptiveField {
  if (layer.kind === 'pool') return { step: step * layer.size, offset };
  const { kernel, padding = 0, stride = 1 } = layer;
  return { step: step * stride, offset: offset + step * (kernel / 2 - padding - stride / 2) };
}
