import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Sample, SamplesRequest } from '../../core/compute/samples.ts';
import { drawSamples } from '../../core/compute/samples.ts';

/** A folder for all tests of a file, removed after the last of them. */
export function suiteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'congeal-suite-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Draws a sample collection into a folder and returns what is true of it. */
export async function drawCollection(
  collection: SamplesRequest['collection'],
  folder: string,
  count: number,
): Promise<readonly Sample[]> {
  const drawing = drawSamples({ collection, folder, count }, { seed: 1, signal: new AbortController().signal });
  for (;;) {
    const next = await drawing.next();
    if (next.done === true) return next.value;
  }
}
