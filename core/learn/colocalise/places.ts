import { ori4Stride } from '../../features/ori4.ts';
import type { Box } from '../../geometry/boxes.ts';
import type { WorkImage } from '../../features/work-image.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { float32, floats, type Tensor } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { parameterConstants } from '../../stn/layers.ts';
import { breathe } from '../breathe.ts';
import { addWindow, energyOf, padMaps } from './correlate.ts';
import { canvasShape, type Localiser } from './localiser.ts';
import { searchWindow, type SharedPattern } from './pattern-search.ts';
import type { PatternFrame } from './size-rule.ts';
import { levelSides, type WorkMaps, workSide } from './work-maps.ts';

/** A square in work pixels. */
export interface WorkSquare {
  readonly x: number;
  readonly y: number;
  readonly half: number;
}

const chunk = 50;

/** Where a trained network looks in each image: `[N, 2]`, x and y in work pixels. */
export async function networkPlaces(
  localiser: Localiser,
  parameters: Readonly<Record<string, Tensor>>,
  maps: WorkMaps,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): Promise<Float32Array> {
  const g = new GraphBuilder();
  const canvas = g.input('canvas', [1, ...canvasShape], 'float32', { 0: 'n' });
  g.output('place', localiser.place(g, canvas, parameterConstants(g, parameters)), { 0: 'n' });
  const session = await openSession(g.build(), options);
  const places = new Float32Array(maps.count * 2);
  const length = workSide ** 2;
  try {
    for (let from = 0; from < maps.count; from += chunk) {
      const n = Math.min(chunk, maps.count - from);
      const grey = maps.grey.subarray(from * length, (from + n) * length);
      places.set(floats((await session.run({ canvas: float32(grey, [n, ...canvasShape]) })).place), from * 2);
      await breathe(options.signal);
    }
  } finally {
    await session.dispose();
  }
  return places;
}

/** The mean window over the places of a network, and its gain: its squared length. */
export function meanAtPlaces(
  maps: WorkMaps,
  places: Float32Array,
): Pick<SharedPattern, 'prototype' | 'window' | 'gain'> {
  const window = searchWindow;
  const padded = padMaps(maps.levels[levelSides.indexOf(workSide)], maps.count, window);
  const across = padded.cells - window + 1;
  const prototype = new Float32Array(padded.channels * window ** 2);
  for (let n = 0; n < maps.count; n++) {
    const [left, top] = [places[2 * n], places[2 * n + 1]].map((at) => Math.round(at / ori4Stride) + window / 2);
    addWindow(padded, n, top * across + left, window, prototype, 1 / maps.count);
  }
  return { prototype, window, gain: energyOf(prototype) };
}

/** Squares of a network's places: the frame's offset from the window's centre added. */
export function placedSquares(places: Float32Array, frame: PatternFrame, window: number): WorkSquare[] {
  return Array.from({ length: places.length / 2 }, (_, n) => ({
    x: places[2 * n] + (frame.x - window / 2) * ori4Stride,
    y: places[2 * n + 1] + (frame.y - window / 2) * ori4Stride,
    half: frame.half * ori4Stride,
  }));
}

/** Squares of a pattern's hits. */
export function hitSquares(pattern: SharedPattern, frame: PatternFrame, maps: WorkMaps): WorkSquare[] {
  return pattern.hits.map(({ level, place }) => {
    const { cells, scale } = maps.levels[level];
    const across = cells + 2 * pattern.rim - pattern.window + 1;
    const pixel = ori4Stride * scale;
    return {
      x: pixel * ((place % across) - pattern.rim + frame.x),
      y: pixel * (Math.floor(place / across) - pattern.rim + frame.y),
      half: pixel * frame.half,
    };
  });
}

/** A square in work pixels as a box in pixels of the oriented original, clipped to it. */
export function squareBox({ x, y, half }: WorkSquare, { width, height }: Pick<WorkImage, 'width' | 'height'>): Box {
  const unit = Math.max(width, height) / workSide;
  const at = (value: number, size: number): number => Math.min(size, Math.max(0, value * unit));
  return {
    xmin: at(x - half, width),
    ymin: at(y - half, height),
    xmax: at(x + half, width),
    ymax: at(y + half, height),
  };
}
