import type { WorkImage } from '../../features/work-image.ts';
import { chain, invert, type Matrix3 } from '../../geometry/matrix.ts';
import type { Random } from '../../geometry/random.ts';
import { normalise } from '../congeal/gauge.ts';
import type { LearnedTemplate } from '../congeal/learned.ts';
import type { CongealResult } from '../congeal/result.ts';
import { createView, flip, type View } from '../congeal/views.ts';

/** An aligned image as the network learns from it. */
export interface Lesson {
  readonly view: View;
  /** Canonical frame of the learning to the search frame of the whole image. */
  readonly warp: Matrix3;
  readonly mirrored: boolean;
}

/** Share of the images, worst similarity first, that nothing is learned from. */
const dropped = 0.15;
/** Most images that lessons are taken from: their pyramids stay in memory. */
const most = 240;

/** What takes the result's canonical points to the frame of the learning, mirroring included. */
export function canonicalToLearning({ frame, toggled }: LearnedTemplate): Matrix3 {
  return toggled ? chain(frame, flip) : frame;
}

/**
 * Takes the well aligned images of a result as lessons.
 *
 * Views show whole images even where the alignment started from boxes: new images come without boxes.
 */
export function takeLessons(
  images: readonly WorkImage[],
  { images: aligned, template }: CongealResult,
  colour: boolean,
  random: Random,
): Lesson[] {
  const ranked = aligned
    .map(({ status, scores }, n) => ({ n, ok: status === 'ok', similarity: scores.similarity }))
    .sort((a, b) => Number(b.ok) - Number(a.ok) || b.similarity - a.similarity || a.n - b.n);
  const good = ranked
    .slice(0, Math.max(2, Math.ceil((1 - dropped) * ranked.length)))
    .filter(({ ok }, k) => ok || k < 2);
  const chosen = good.length > most ? random.shuffle(good).slice(0, most) : good;
  const back = invert(canonicalToLearning(template));
  return chosen.map(({ n }): Lesson => {
    const view = createView(images[n], colour);
    const mirrored = aligned[n].mirrored !== template.toggled;
    const upright = chain(invert(view.searchToUnit), aligned[n].toUnit, back);
    return { view, warp: normalise(mirrored ? chain(flip, upright) : upright), mirrored };
  });
}
