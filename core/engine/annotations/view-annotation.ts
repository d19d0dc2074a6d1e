import type { Annotation as AnnotationView } from '../../contract/commands/annotations.ts';
import { pointsOf, reachesOutside } from '../../geometry/shapes.ts';
import type { Size } from '../../geometry/units.ts';
import type { Annotation } from '../../store/annotations.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import { findImage } from '../../store/images.ts';
import { toDoor, toGeometry } from './shapes.ts';

/** Annotations as doors show them. What reaches outside its image is said, never hidden. **Throws** as `reading`. */
export function viewAnnotations(reader: ProjectReader, annotations: readonly Annotation[]): AnnotationView[] {
  const sizes = new Map<ImageId, Size | null>();
  const sizeOf = (id: ImageId): Size | null => {
    const known = sizes.get(id);
    if (known !== undefined) return known;
    const image = findImage(reader, id);
    const size = image?.status === 'ready' ? { width: image.width, height: image.height } : null;
    sizes.set(id, size);
    return size;
  };
  return annotations.map((annotation) => {
    const { on, shape, label, landmark, origin, source, changedAt } = annotation;
    return {
      id: String(annotation.id),
      on: 'image' in on ? { image: String(on.image) } : { canonicalOf: String(on.canonicalFrameOf) },
      label,
      shape: toDoor(shape, landmark),
      outside: 'image' in on ? isOutside(shape, sizeOf(on.image)) : isBeyondFrame(shape),
      propagatedFrom: origin === 'propagated' && source !== null ? String(source) : null,
      changedAt,
    };
  });
}

function isOutside(shape: Annotation['shape'], size: Size | null): boolean {
  return size !== null && reachesOutside(toGeometry(shape), size);
}

function isBeyondFrame(shape: Annotation['shape']): boolean {
  return pointsOf(toGeometry(shape)).some(({ x, y }) => !(Math.abs(x) <= 1 && Math.abs(y) <= 1));
}
