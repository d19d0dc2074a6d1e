import type { Transform } from '../../contract/commands/transforms.ts';
import { familyName } from '../../contract/values.ts';
import { families, fromMatrix } from '../../geometry/families.ts';
import type { FamilyName } from '../../geometry/family.ts';
import { pixelToUnit } from '../../geometry/frames.ts';
import { multiply, type Matrix3 } from '../../geometry/matrix.ts';
import { readTransform } from '../../geometry/reading.ts';
import type { Size } from '../../geometry/units.ts';
import type { Pin } from '../../store/corrections.ts';
import type { StoredImage } from '../../store/images.ts';
import { versionOfCrop, versionOfImage } from '../images/picture-versions.ts';
import type { EffectiveTransform } from './effective.ts';

/** A transform as doors show it: what counts, in numbers and in words, with its scores, each by its own name. */
export function viewTransform(
  transform: EffectiveTransform,
  image: StoredImage,
  name: string,
  scores: Readonly<Record<string, number>>,
): Transform {
  const { canonicalToImage, mirrored, box, status, decision, pins } = transform;
  const family = familyOf(transform.family);
  const size = image.status === 'ready' ? image : undefined;
  return {
    image: String(image.id),
    name,
    width: size?.width ?? null,
    height: size?.height ?? null,
    thumbnail: versionOfImage(image),
    family,
    canonicalToImage: canonicalToImage === null ? null : [...canonicalToImage],
    parameters:
      canonicalToImage === null || size === undefined ? null : [...parametersOf(family, canonicalToImage, size)],
    mirrored,
    box,
    status,
    decision,
    reading: canonicalToImage === null || size === undefined ? null : readingOf(canonicalToImage, size),
    scores,
    v: canonicalToImage === null ? null : versionOfCrop(image, canonicalToImage),
    pins: pins === null ? null : pins.map(viewPin),
  };
}

function viewPin({ canonical, image }: Pin): NonNullable<Transform['pins']>[number] {
  return { canonical: [canonical.x, canonical.y], image: [image.x, image.y] };
}

/** The transform in words. */
export function readingOf(canonicalToImage: Matrix3, { width, height }: Size): NonNullable<Transform['reading']> {
  const unit = multiply(pixelToUnit(width, height), canonicalToImage);
  const { angle, scale, shiftX, shiftY, shear, stretch } = readTransform(unit, { width, height, canonicalAspect: 1 });
  const share = (scale * height) / Math.min(width, height);
  return { angle, scale: share, shiftX, shiftY, shear, stretch: Number.isFinite(stretch) ? stretch : 1e9 };
}

/** A family by the name that a run wrote down; what is none of ours is shown as the freest affine one. */
function familyOf(name: string): FamilyName {
  const parsed = familyName.safeParse(name);
  return parsed.success ? parsed.data : 'affine';
}

/** **Convention**: a mirrored transform has the parameters of what it is after its x axis is flipped first. */
function parametersOf(family: FamilyName, canonicalToImage: Matrix3, { width, height }: Size): readonly number[] {
  const unit = multiply(pixelToUnit(width, height), canonicalToImage);
  const mirrored = unit[0] * unit[4] - unit[1] * unit[3] < 0;
  const upright: Matrix3 = mirrored ? multiply(unit, [-1, 0, 0, 0, 1, 0, 0, 0, 1]) : unit;
  return fromMatrix(families[family], upright, { width, height, canonicalAspect: 1 });
}
