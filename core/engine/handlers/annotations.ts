import type { Annotation, AnnotationPlace, NewAnnotation } from '../../store/annotations.ts';
import { addAnnotation, changeAnnotation, findAnnotation, removeAnnotations } from '../../store/annotations.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { AnnotationId, ImageId } from '../../store/ids.ts';
import type { Shape } from '../../contract/commands/annotations.ts';
import { landmarkOf } from '../annotations/landmark-schemas.ts';
import { pageOfAnnotations } from '../annotations/page-annotations.ts';
import { applyPropagation, planPropagation } from '../annotations/propagate.ts';
import { fromDoor } from '../annotations/shapes.ts';
import { viewAnnotations } from '../annotations/view-annotation.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { makeEdit } from '../history/make-edit.ts';
import { selectImages } from '../images/door-filter.ts';
import type { OpenProject } from '../open-projects.ts';
import { imageOf, noSuch, rowIdOf, runOf } from '../row-ids.ts';

/** Annotations: draw, change, carry to other images. */
export function annotationsHandlers(engine: Engine): GroupHandlers<'annotations'> {
  const told = (open: OpenProject, images: readonly (ImageId | null)[]) => {
    const named = images.filter((image) => image !== null).map(String);
    const known = named.length === images.length && named.length <= 1000;
    engine.hub.publish({ event: 'annotations-changed', project: open.id, images: known ? [...new Set(named)] : null });
  };
  const view = (open: OpenProject, id: AnnotationId) =>
    viewAnnotations(open.reader, [annotationOf(open.reader, String(id))])[0];
  return {
    page: ({ params, query }) => {
      const { reader } = engine.projects.get(params.project);
      const { annotations, next, total } = pageOfAnnotations(reader, query);
      return { annotations: viewAnnotations(reader, annotations), next, total };
    },
    create: ({ params, body }) => {
      const open = engine.projects.get(params.project);
      const on: AnnotationPlace =
        'image' in body.on
          ? { image: imageOf(open.reader, body.on.image).id }
          : { canonicalFrameOf: runOf(open.reader, body.on.canonicalOf).id };
      const added: NewAnnotation = {
        ...drawn(open.reader, body.shape),
        ...{ on, label: body.label, origin: 'drawn', source: null, changedAt: Date.now() },
      };
      const id = makeEdit(engine, open, `Draw a ${body.shape.kind}`, (editing) => addAnnotation(editing, added));
      told(open, [imageIn(on)]);
      return view(open, id);
    },
    edit: ({ params, body }) => {
      const open = engine.projects.get(params.project);
      const before = annotationOf(open.reader, params.annotation);
      const after: Annotation = {
        ...before,
        ...(body.shape === undefined ? {} : drawn(open.reader, body.shape)),
        ...(body.label === undefined ? {} : { label: body.label }),
        ...{ origin: touched(before), changedAt: Date.now() },
      };
      makeEdit(engine, open, `Change a ${after.shape.kind}`, (editing) => changeAnnotation(editing, after));
      told(open, [imageIn(after.on)]);
      return view(open, before.id);
    },
    remove: ({ params }) => {
      const open = engine.projects.get(params.project);
      const { id, on, shape } = annotationOf(open.reader, params.annotation);
      makeEdit(engine, open, `Remove a ${shape.kind}`, (editing) => removeAnnotations(editing, [id]));
      told(open, [imageIn(on)]);
      return {};
    },
    propagate: ({ params, body }) => {
      const open = engine.projects.get(params.project);
      const planned = planPropagation(open.reader, {
        run: runOf(open.reader, body.run),
        sources: body.annotations.map((id) => annotationOf(open.reader, id)),
        images: body.selection === undefined ? undefined : new Set(selectImages(open.reader, body.selection)),
        ...{ boxes: body.boxes, replace: body.replace },
      });
      const label = `Carry annotations to ${planned.images.length} images`;
      makeEdit(engine, open, label, (editing) => applyPropagation(editing, planned));
      told(open, planned.images);
      return { made: planned.made.length, replaced: planned.replaced.length, outside: planned.outside };
    },
    confirm: ({ params, body }) => {
      const open = engine.projects.get(params.project);
      const all = [...new Set(body.annotations)].map((id) => annotationOf(open.reader, id));
      const changing = all.filter(({ origin }) => origin === 'propagated');
      makeEdit(engine, open, `Confirm ${changing.length} annotations`, (editing) => {
        for (const one of changing) changeAnnotation(editing, { ...one, origin: 'drawn', changedAt: Date.now() });
      });
      told(
        open,
        changing.map(({ on }) => imageIn(on)),
      );
      return { changed: changing.length };
    },
  };
}

/** One that was carried over and is touched is a person's own; where it came from stays known, so that it is not made again. */
function touched({ origin }: Annotation): Annotation['origin'] {
  return origin === 'propagated' ? 'drawn' : origin;
}

function drawn(reader: ProjectReader, shape: Shape): Pick<NewAnnotation, 'shape' | 'landmark'> {
  return { shape: fromDoor(shape), landmark: shape.kind === 'point' ? landmarkOf(reader, shape.landmark) : null };
}

function imageIn(on: AnnotationPlace): ImageId | null {
  return 'image' in on ? on.image : null;
}

function annotationOf(reader: ProjectReader, id: string): Annotation {
  const annotation = findAnnotation(reader, rowIdOf(id, 'annotation') as AnnotationId);
  if (annotation === undefined) throw noSuch('annotation', id);
  return annotation;
}
