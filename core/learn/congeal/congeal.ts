import type { FeatureExtractor } from '../../features/feature-maps.ts';
import type { WorkImage } from '../../features/work-image.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { LearnContext, LearnEvent } from '../event.ts';
import { translate } from '../translate.ts';
import { inSharedMemory } from '../crew/shared.ts';
import { crewOf, fillBank, type Bank } from './bank.ts';
import { concentrationOf } from './concentration.ts';
import { joining } from './extend.ts';
import { finish } from './finish.ts';
import { learnTemplate, type LearnedTemplate } from './learned.ts';
import type { Alignment } from './alignment.ts';
import { completeOptions, type CongealOptions } from './options.ts';
import type { CongealResult } from './result.ts';
import { openRoom, type Room } from './room.ts';
import { checkpointOf, fingerprintOf, freshState, stateOf, type CongealState } from './state.ts';
import { shownPoses } from './shown-poses.ts';
import { priorOf, stepsOf } from './steps.ts';
import { checkSet } from './usable.ts';
import { piecesOf, progress, type Work } from './work.ts';

/** Images outside the core that are aligned between two checkpoints. */
const chunk = 16;

/**
 * Brings images of one kind of thing into one canonical pose, without labels: joint alignment by congealing.
 *
 * Up to 60 images learn together (search over rotations, scales and shifts; leave-one-out means; Lucas-Kanade; rescue);
 * all others are then aligned to what these agreed on, a few at a time. `extractor` is left open; without one, oriented
 * gradients are used. The same images, options, seed and threads give the same result, also when resumed.
 *
 * **Throws** CongealError `too-few-images`, `images-blank`, `images-identical`, `input-missing` (no such reference) or
 * `checkpoint-mismatch`; the signal's reason when aborted.
 * **Source**: E. Learned-Miller, "Data driven image models through continuous joint alignment", PAMI 2006.
 */
export async function* congeal(
  images: readonly WorkImage[],
  options: CongealOptions,
  context: LearnContext,
  extractor?: FeatureExtractor,
): Work<CongealResult> {
  const blank = checkSet(images, options.reference);
  const complete = completeOptions(withUsablePins(images, blank, options));
  const sizes = images.map((image) => `${image.id} ${image.width} ${image.height}`);
  const boxes = JSON.stringify([...(complete.boxes ?? [])]);
  const pins = complete.pins === undefined ? [] : [JSON.stringify([...complete.pins])];
  const choices = JSON.stringify({ ...complete, boxes: undefined, pins: undefined });
  const fingerprint = fingerprintOf([...sizes, boxes, choices, context.seed, extractor?.name ?? '', ...pins]);
  let state = context.resume ? stateOf(context.resume, fingerprint) : freshState;
  const room = yield* openRoom(images, blank, complete, extractor, context);
  try {
    state = yield* alignCore(room, complete, state, fingerprint);
    const core = state.core;
    if (core === null) throw new Error('the recipe ended without an alignment');
    const prior = priorOf(core);
    const { describer, coreViews } = room;
    const { learned, scores } = yield* learnTemplate(
      describer,
      coreViews,
      core,
      complete.family,
      complete.mirror,
      prior,
    );
    const shared = inSharedMemory(learned);
    for (let start = state.others.length * chunk; start < room.otherIndices.length; start += chunk) {
      const found = yield* joinSome(room, shared, start);
      state = { ...state, others: [...state.others, found] };
      yield checkpointOf(state, fingerprint);
    }
    const judged = { ...state, core: { ...core, scores } };
    return finish(images, blank, room, learned, judged, complete, concentrationOf(core.warps));
  } finally {
    await room.dispose();
  }
}

/** Aligns the next few images outside the core to what those within it agreed on. */
async function* joinSome(
  { searcher, describer, otherIndices, viewOf }: Room,
  learned: LearnedTemplate,
  start: number,
): Work<Alignment> {
  const indices = otherIndices.slice(start, start + chunk);
  const joined = piecesOf('extend', crewOf(searcher), describer.signal, joining, indices.length, (k) => {
    return { view: viewOf(indices[k]), learned };
  });
  const all = otherIndices.length;
  const each = yield* translate<LearnEvent, LearnEvent, Alignment[]>(joined, (event) =>
    event.kind === 'progress' ? [progress(event.phase, start + event.done, all)] : [event],
  );
  return {
    warps: each.flatMap(({ warps }) => warps),
    mirrored: each.flatMap(({ mirrored }) => mirrored),
    scores: each.flatMap(({ scores }) => scores),
  };
}

/** The options with the pins of images that take part; without any where there is none. */
function withUsablePins(
  images: readonly WorkImage[],
  blank: readonly boolean[],
  { pins, ...options }: CongealOptions,
): CongealOptions {
  const found = images.flatMap(({ id }, n): [string, Matrix3][] => {
    const pin = blank[n] ? undefined : pins?.get(id);
    return pin === undefined ? [] : [[id, pin]];
  });
  return found.length === 0 ? options : { ...options, pins: new Map(found) };
}

/** Runs the recipe's steps on the core set, saving the state after each. */
async function* alignCore(
  room: Room,
  options: ReturnType<typeof completeOptions>,
  start: CongealState,
  fingerprint: string,
): Work<CongealState> {
  let bank: Bank | undefined;
  let state = start;
  for (const [place, step] of stepsOf(room.coreViews.length, options).entries()) {
    if (place < state.done) continue;
    if (step.needsBank) bank ??= yield* fillBank(room.searcher, room.coreViews);
    state = { ...(yield* step.run(room, bank, state)), done: place + 1 };
    yield checkpointOf(state, fingerprint);
    const shown = state.core ?? state.candidates.at(-1)?.alignment ?? state.anchors.at(0);
    if (shown !== undefined) yield shownPoses('settle', room.coreViews, shown);
  }
  return state;
}
