import type { WorkImage } from '../../features/work-image.ts';
import { unitToAspect } from '../../geometry/frames.ts';
import { chain, invert, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import type { Alignment } from './alignment.ts';
import { isConcentrated, type Concentration } from './concentration.ts';
import { normalise } from './gauge.ts';
import { fromLearning, type LearnedTemplate } from './learned.ts';
import { cropZoom } from './frame.ts';
import type { CompleteOptions } from './options.ts';
import type { CongealedImage, CongealResult } from './result.ts';
import type { Room } from './room.ts';
import { distancesFromSet, flagOutliers } from './scores.ts';
import type { CongealState } from './state.ts';
import { flip } from './views.ts';

interface Pose {
  readonly warp: Matrix3;
  readonly mirrored: boolean;
  readonly similarity: number;
}

/** Puts the images back into their order, chooses the final frame and scores every image. */
export function finish(
  images: readonly WorkImage[],
  blank: readonly boolean[],
  room: Room,
  learned: LearnedTemplate,
  state: CongealState,
  options: CompleteOptions,
  concentration: Concentration,
): CongealResult {
  const poses = new Map<number, Pose>();
  const put = (indices: readonly number[], alignment: Alignment): void =>
    indices.forEach((index, k) =>
      poses.set(index, {
        warp: alignment.warps[k],
        mirrored: alignment.mirrored[k],
        similarity: alignment.scores[k],
      }),
    );
  if (state.core) put(room.coreIndices, state.core);
  let start = 0;
  for (const part of state.others) {
    put(room.otherIndices.slice(start, start + part.warps.length), part);
    start += part.warps.length;
  }
  const { frame, toggled } = chooseFrame(images, poses, options);
  const usable = images.map((_, n) => n).filter((n) => poses.has(n));
  const framed = new Map<number, Pose>();
  const template = { ...learned, frame, toggled };
  for (const [index, pose] of poses)
    framed.set(index, { ...pose, warp: fromLearning(template, pose.warp), mirrored: pose.mirrored !== toggled });
  const list = usable.map((n) => required(framed.get(n)));
  const distances = distancesFromSet(
    list.map((pose) => pose.warp),
    isConcentrated(concentration),
  );
  const flags = flagOutliers(
    list.map((pose) => pose.similarity),
    distances,
  );
  const sorted = list.map((pose) => pose.similarity).sort((a, b) => a - b);
  const results = images.map((image, n): CongealedImage => {
    const place = usable.indexOf(n);
    const rank = (similarity: number): number => sorted.indexOf(similarity) / Math.max(1, sorted.length - 1);
    if (place < 0 || blank[n]) return describeBlank(image, frame, room.viewOf(n).searchToUnit);
    const pose = list[place];
    const scores = { similarity: pose.similarity, distance: distances[place], rank: rank(pose.similarity) };
    const status = flags[place] ? 'flagged' : 'ok';
    const reason = flags[place]
      ? { reason: 'it looks less like the others, or lies less like them, than the others do among themselves' }
      : {};
    return { ...matrices(image, pose, room.viewOf(n).searchToUnit), status, scores, ...reason };
  });
  return {
    images: results,
    template,
    projection: learned.projection,
    history: state.history,
    concentration: concentration.share,
  };
}

/** Without a reference the learning frame, cropped; with one, the frame in which the reference keeps its own pose. */
function chooseFrame(
  images: readonly WorkImage[],
  poses: ReadonlyMap<number, Pose>,
  options: CompleteOptions,
): { frame: Matrix3; toggled: boolean } {
  const place = options.reference === undefined ? -1 : images.findIndex((image) => image.id === options.reference);
  const reference = poses.get(place);
  if (reference && !options.pins?.size) {
    const frame = normalise(invert(reference.warp));
    return { frame, toggled: reference.mirrored };
  }
  const all = [...poses.values()];
  const toggled = !options.pins?.size && all.filter((pose) => pose.mirrored).length * 2 > all.length;
  return { frame: [cropZoom, 0, 0, 0, cropZoom, 0, 0, 0, 1], toggled };
}

type Matrices = Pick<CongealedImage, 'id' | 'toUnit' | 'toAspect' | 'toPixels' | 'warp' | 'mirrored'>;

function matrices(image: WorkImage, pose: Pose, searchToUnit: Matrix3): Matrices {
  const { width, height } = image;
  const toUnit = normalise(pose.mirrored ? chain(searchToUnit, flip, pose.warp) : multiply(searchToUnit, pose.warp));
  const unitToPixels: Matrix3 = [width / 2, 0, width / 2, 0, height / 2, height / 2, 0, 0, 1];
  return {
    id: image.id,
    toUnit,
    toAspect: normalise(multiply(unitToAspect(width, height), toUnit)),
    toPixels: normalise(multiply(unitToPixels, toUnit)),
    warp: pose.warp,
    mirrored: pose.mirrored,
  };
}

function describeBlank(image: WorkImage, frame: Matrix3, searchToUnit: Matrix3): CongealedImage {
  const zoom = Math.sqrt(Math.abs(frame[0] * frame[4] - frame[1] * frame[3]));
  const pose = { warp: [zoom, 0, 0, 0, zoom, 0, 0, 0, 1] as const, mirrored: false, similarity: 0 };
  const scores = { similarity: 0, distance: 0, rank: 0 };
  return { ...matrices(image, pose, searchToUnit), status: 'flagged', scores, reason: 'it is blank: one flat colour' };
}

function required(pose: Pose | undefined): Pose {
  if (pose === undefined) throw new Error('an image has no pose');
  return pose;
}
