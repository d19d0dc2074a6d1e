import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawBeetles } from '../datasets/samples/beetles.ts';
import { drawGlyphs } from '../datasets/samples/glyphs.ts';
import type { SamplePicture, SampleTruth } from '../datasets/samples/picture.ts';
import { encodeRaster } from '../imaging/encode.ts';
import type { Raster } from '../stn/raster.ts';
import type { JobContext, JobMessage } from './job.ts';

/** The sample collections, by name. */
const collections = {
  glyphs: { draw: drawGlyphs, format: 'png', extension: 'png' },
  beetles: { draw: drawBeetles, format: 'jpeg', extension: 'jpg' },
} as const;

/** Which collection is drawn, and where its files go; the folder is made. */
export interface SamplesRequest {
  readonly collection: keyof typeof collections;
  readonly folder: string;
  readonly count: number;
}

/** A drawn file and what is true of it. */
export interface Sample {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly truth: SampleTruth;
}

/** Draws a sample collection and writes its images; the same seed gives the same bytes. */
export async function* drawSamples(
  { collection, folder, count }: SamplesRequest,
  { seed, signal }: Pick<JobContext, 'seed' | 'signal'>,
): AsyncGenerator<JobMessage, readonly Sample[]> {
  const { draw, format, extension } = collections[collection];
  await mkdir(folder, { recursive: true });
  const samples: Sample[] = [];
  for (const picture of draw({ seed, count })) {
    signal.throwIfAborted();
    const file = `${picture.name}.${extension}`;
    await writeFile(join(folder, file), await encodeRaster(planar(picture), { format, quality: 92 }));
    samples.push({ file, width: picture.width, height: picture.height, truth: picture.truth });
    yield { event: 'progress', phase: `draw ${collection}`, done: samples.length, total: count };
  }
  return samples;
}

function planar({ width, height, channels, data }: SamplePicture): Raster<Uint8Array> {
  const size = width * height;
  const planes = new Uint8Array(channels * size);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < size; i++) planes[channel * size + i] = data[i * channels + channel];
  return { width, height, channels, data: planes };
}
