import { describe, expect, it } from 'vitest';
import { decisionOf, effectiveOf } from '../../../../core/engine/transforms/effective.ts';
import type { Correction } from '../../../../core/store/corrections.ts';
import type { ImageId } from '../../../../core/store/ids.ts';
import type { StoredTransform } from '../../../../core/store/transforms.ts';

const image = 1 as ImageId;
const found: StoredTransform = {
  image,
  family: 'attention',
  canonicalToImage: [10, 0, 20, 0, 10, 30, 0, 0, 1],
  mirrored: false,
  status: 'ok',
  box: { xmin: 10, ymin: 20, xmax: 30, ymax: 40 },
};
const nothing: Correction = {
  image,
  decision: null,
  canonicalToImage: null,
  mirrored: null,
  box: null,
  pins: null,
  changedAt: 0,
};

describe('effective transforms', () => {
  it('are what the run found where nothing else was said', () => {
    expect(effectiveOf(found, undefined)).toEqual({ ...found, decision: 'none', corrected: false, pins: null });
    const accepted = effectiveOf(found, { ...nothing, decision: 'accepted' });
    expect(accepted).toEqual({ ...found, decision: 'accepted', corrected: false, pins: null });
  });

  it('take a corrected box, and the square around it', () => {
    const box = { xmin: 0, ymin: 0, xmax: 40, ymax: 20 };
    const { canonicalToImage, box: taken, decision } = effectiveOf(found, { ...nothing, box });
    expect(taken).toEqual(box);
    expect(canonicalToImage).toEqual([20, 0, 20, 0, 20, 10, 0, 0, 1]);
    expect(decision).toBe('edited');
  });

  it('take a corrected pose, the box around it, and whether it mirrors', () => {
    const canonicalToImage = [-5, 0, 50, 0, 5, 60, 0, 0, 1] as const;
    const effective = effectiveOf(found, { ...nothing, canonicalToImage, decision: 'accepted' });
    expect(effective).toMatchObject({ canonicalToImage, mirrored: true, decision: 'accepted', corrected: true });
    expect(effective.box).toEqual({ xmin: 45, ymin: 55, xmax: 55, ymax: 65 });
    expect(effectiveOf({ ...found, box: null }, { ...nothing, canonicalToImage }).box).toBeNull();
  });

  it('know a decision of their own', () => {
    expect(decisionOf(nothing)).toBe('none');
    expect(decisionOf({ ...nothing, decision: 'rejected', box: found.box })).toBe('rejected');
  });
});
