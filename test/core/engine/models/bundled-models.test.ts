import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawSamples, type Sample, type SamplesRequest } from '../../../../core/compute/samples.ts';
import { readTransformsCsv } from '../../../../core/datasets/transforms-csv.ts';
import { bundledModels } from '../../../../core/engine/models/bundled-models.ts';
import type { Box } from '../../../../core/geometry/boxes.ts';
import { localisationAccuracy } from '../../../../core/geometry/agreement.ts';
import { applyPoint, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { poseResiduals } from '../../../../core/geometry/residuals.ts';
import { runCli } from '../../../support/cli.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const models = bundledModels();
const modelOf = (name: string) => models.find(({ path }) => path.endsWith(name))?.path ?? '';

/** Draws images that the model has never seen and applies it to them with the command line. */
async function applied(collection: SamplesRequest['collection'], count: number, model: string) {
  const folder = temporaryFolder();
  const images = join(folder, 'images');
  const drawing = drawSamples(
    { collection, folder: images, count },
    { seed: 77, signal: new AbortController().signal },
  );
  let drawn = await drawing.next();
  while (drawn.done !== true) drawn = await drawing.next();
  const done = await runCli(['apply', '--model', model, images, '--out', join(folder, 'out'), '--threads', '1']);
  expect([done.status, done.stderr]).toEqual([0, expect.any(String)]);
  const rows = readTransformsCsv(readFileSync(join(folder, 'out', 'transforms.csv'), 'utf8'), 'transforms.csv');
  const poses = new Map(rows.map(({ file, canonicalToImage }) => [file, canonicalToImage]));
  return drawn.value.flatMap((sample): { sample: Sample; found: Matrix3 }[] => {
    const found = poses.get(sample.file) ?? null;
    return found === null ? [] : [{ sample, found }];
  });
}

function boxOf(matrix: Matrix3): Box {
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => applyPoint(matrix, x, y)));
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { xmin: Math.min(...xs), ymin: Math.min(...ys), xmax: Math.max(...xs), ymax: Math.max(...ys) };
}

describe('the models that come with the program', () => {
  it('are the files of resources/models, byte by byte as its list says', () => {
    const files = readdirSync(dirname(models[0].path)).filter((name) => name.endsWith('.onnx'));
    expect(models.map(({ path }) => path).sort()).toEqual(
      files.map((name) => join(dirname(models[0].path), name)).sort(),
    );
    for (const { path, sha256, bytes } of models) {
      const found = readFileSync(path);
      expect([path, createHash('sha256').update(found).digest('hex'), found.length]).toEqual([path, sha256, bytes]);
    }
  });

  it('bring new beetles into one pose', async () => {
    const beetles = await applied('beetles', 24, modelOf('beetles-aligner.onnx'));
    expect(beetles).toHaveLength(24);
    const left = poseResiduals(beetles.map(({ sample, found }) => ({ found, truth: sample.truth.objectToPixel })));
    expect(left.rotation).toBeLessThan(3);
    expect(left.scale).toBeLessThan(1.05);
  });

  it('find the glyph in new pictures', async () => {
    const glyphs = await applied('glyphs', 40, modelOf('glyphs-localiser.onnx'));
    const found = glyphs.map((one) => ({ found: boxOf(one.found), truth: [one.sample.truth.box] }));
    expect(localisationAccuracy(found)).toMatchObject({ images: 40 });
    expect(localisationAccuracy(found).corLoc).toBeGreaterThan(0.95);
  });
});
