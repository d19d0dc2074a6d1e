import { readFileSync } from 'node:fs';
import type { WorkImage } from '../../core/features/work-image.ts';
import { readKeypointsCsv } from '../../core/datasets/keypoints-csv.ts';
import { applyPoint, chain, invert, type Matrix3 } from '../../core/geometry/matrix.ts';
import type { Random } from '../../core/geometry/random.ts';
import { loadWorkRaster } from '../../core/imaging/decode.ts';
import type { Raster } from '../../core/stn/raster.ts';
import { shared } from './shared.ts';

/** How the faces are disturbed: not at all; ±45°, scale 0.7-1.4, shift 15 %; the same with any rotation. */
export type Disturbance = 'clean' | 'hard' | 'any';

/** A face with its keypoints, both in pixels of the (disturbed) image. */
export interface Face {
  readonly image: WorkImage;
  readonly points: readonly (readonly [number, number])[];
}

const largestTurn = { clean: 0, hard: 45, any: 180 } as const;

/** Loads any image file as a learner gets it. */
export async function loadWorkImage(id: string, path: string): Promise<WorkImage> {
  const loaded = await loadWorkRaster(path);
  if (!loaded.ok) throw new Error(`${path}: ${loaded.reason}`);
  const { info, raster } = loaded.value;
  return { id, width: info.width, height: info.height, raster };
}

/** Draws `count` people after the first `skip` of a shuffled list, one frame of each, disturbed with replicated borders. */
export async function drawFaces(
  disturbance: Disturbance,
  count: number,
  skip: number,
  random: Random,
): Promise<Face[]> {
  const rows = readKeypointsCsv(readFileSync(shared('data/faces/keypoints.csv'), 'utf8'), 'keypoints.csv');
  const people = new Map<string, (typeof rows)[number]>();
  for (const row of rows) if (!people.has(personOf(row.file))) people.set(personOf(row.file), row);
  const faces: Face[] = [];
  for (const row of random.shuffle([...people.values()]).slice(skip, skip + count)) {
    const image = await loadWorkImage(row.file, shared(`data/faces/images/${row.file}`));
    const turn = drawDisturbance(disturbance, image, random);
    const points = row.points.map((point) => {
      const moved = applyPoint(turn, (point?.x ?? 0) + 0.5, (point?.y ?? 0) + 0.5);
      return [moved.x, moved.y] as const;
    });
    faces.push({ image: disturbance === 'clean' ? image : { ...image, raster: warped(image, turn) }, points });
  }
  return faces;
}

function personOf(file: string): string {
  return file.slice(0, file.lastIndexOf('-'));
}

function drawDisturbance(disturbance: Disturbance, { width, height }: WorkImage, random: Random): Matrix3 {
  if (disturbance === 'clean') return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const limit = (largestTurn[disturbance] * Math.PI) / 180;
  const angle = random.uniform(-limit, limit);
  const scale = Math.exp(random.uniform(Math.log(0.7), Math.log(1.4)));
  const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const x = width / 2 + random.uniform(-0.15, 0.15) * width;
  const y = height / 2 + random.uniform(-0.15, 0.15) * height;
  return chain(
    [1, 0, x, 0, 1, y, 0, 0, 1],
    [c, -s, 0, s, c, 0, 0, 0, 1],
    [1, 0, -width / 2, 0, 1, -height / 2, 0, 0, 1],
  );
}

function warped(image: WorkImage, map: Matrix3): Raster {
  const { width, height, channels, data } = image.raster;
  const [sx, sy] = [image.width / width, image.height / height];
  const back = chain([1 / sx, 0, 0, 0, 1 / sy, 0, 0, 0, 1], invert(map), [sx, 0, 0, 0, sy, 0, 0, 0, 1]);
  const plane = width * height;
  const out = new Uint8Array(channels * plane);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const point = applyPoint(back, column + 0.5, row + 0.5);
      const x = Math.max(0, Math.min(width - 1, point.x - 0.5));
      const y = Math.max(0, Math.min(height - 1, point.y - 0.5));
      const [i, j] = [Math.min(width - 2, Math.floor(x)), Math.min(height - 2, Math.floor(y))];
      const [a, b] = [x - i, y - j];
      for (let c = 0; c < channels; c++) {
        const k = c * plane + j * width + i;
        const upper = data[k] * (1 - a) + data[k + 1] * a;
        const lower = data[k + width] * (1 - a) + data[k + width + 1] * a;
        out[c * plane + row * width + column] = Math.round(upper * (1 - b) + lower * b);
      }
    }
  return { width, height, channels, data: out };
}

/**
 * Share (percent) of keypoints that the warps carry to within `share` of the longer side of the target's keypoint box:
 * mean over all ordered pairs.
 */
export function keypointAccuracy(faces: readonly Face[], toPixels: readonly Matrix3[], share: number): number {
  const canonical = faces.map(({ points }, n) => {
    const back = invert(toPixels[n]);
    return points.map(([x, y]) => applyPoint(back, x, y));
  });
  let [sum, pairs] = [0, 0];
  faces.forEach(({ points }, target) => {
    const limit = share * longerSide(points);
    canonical.forEach((source, n) => {
      if (n === target) return;
      let near = 0;
      source.forEach((point, k) => {
        const { x, y } = applyPoint(toPixels[target], point.x, point.y);
        if (Math.hypot(x - points[k][0], y - points[k][1]) < limit) near++;
      });
      sum += near / points.length;
      pairs++;
    });
  });
  return (100 * sum) / pairs;
}

function longerSide(points: Face['points']): number {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}
