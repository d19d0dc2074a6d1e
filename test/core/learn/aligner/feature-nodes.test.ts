import { expect, test } from 'vitest';
import { loadEncoder } from '../../../../core/features/encoder.ts';
import { encoderExtractor } from '../../../../core/features/encoder-extractor.ts';
import { openGradientExtractor } from '../../../../core/features/gradient-extractor.ts';
import type { Matrix3 } from '../../../../core/geometry/matrix.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { encode } from '../../../../core/graph/encode.ts';
import { matMul } from '../../../../core/graph/ops/linear.ts';
import { resize } from '../../../../core/graph/ops/sample.ts';
import { float32 } from '../../../../core/graph/tensor.ts';
import { conv } from '../../../../core/graph/ops/convolution.ts';
import { pixelsOf } from '../../../../core/learn/aligner/agreement.ts';
import { createDescribeNodes, type FeatureSource } from '../../../../core/learn/aligner/feature-nodes.ts';
import { sharedConstants } from '../../../../core/learn/aligner/shared-constants.ts';
import { searchToUnitNodes, viewNodes, workSide } from '../../../../core/learn/aligner/view-nodes.ts';
import { createDescriber, describePoses } from '../../../../core/learn/congeal/describe.ts';
import { createView } from '../../../../core/learn/congeal/views.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { drawPosedBeetles } from '../../../support/posed-beetles.ts';
import { hasShared, shared } from '../../../support/shared.ts';

const cells = 24;
const warps: Matrix3[] = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.6, -0.3, 0.1, 0.3, 0.6, -0.1, 0, 0, 1],
  [1.5, 0.4, 0.3, -0.4, 1.5, 0.2, 0, 0, 1],
];

/** Mean cosine between the nodes' and joint alignment's features of the cells inside the image, and their masks' agreement. */
async function compare(source: FeatureSource): Promise<{ readonly cosine: number; readonly masks: number }> {
  const set = drawPosedBeetles(3, 4, 1);
  const colour = source.encoder !== undefined;
  const views = set.map(({ image }) => createView(image, colour));
  const describer = await createDescriber(source.extractor, views, undefined);
  const poses = views.map((view, n) => ({ view, warp: warps[n], mirrored: false }));
  const expected = await describePoses(describer, poses, cells, 1);

  const dynamic = { 0: 'n' };
  const graph = new GraphBuilder();
  const g = sharedConstants(graph);
  const pixels = graph.input('pixels', [1, 3, 128, 144], 'float32', { ...dynamic, 2: 'h', 3: 'w' });
  const square = resize(g, pixels, { sizes: [workSide, workSide], axes: [2, 3], antialias: true });
  const seen = colour ? square : conv(g, square, g.constant([0.299, 0.587, 0.114], [1, 3, 1, 1]), null);
  const describe = createDescribeNodes(g, source, describer.projection);
  const toUnit = matMul(g, searchToUnitNodes(g, pixels), graph.input('warps', [1, 3, 3], 'float32', dynamic));
  const { maps, masks } = describe(viewNodes(g, pixels, seen), toUnit, cells);
  graph.output('maps', maps, dynamic);
  graph.output('masks', masks, dynamic);
  const session = await openSession(encode(graph.build()));
  const data = set.flatMap(({ image }) => Array.from(pixelsOf(image).data, Number));
  const found = await session.run({
    pixels: float32(data, [set.length, 3, 128, 144]),
    warps: float32(warps.flat(), [set.length, 3, 3]),
  });
  await session.dispose();

  let [cosine, inside, agreeing] = [0, 0, 0];
  expected.masks.forEach((mask, i) => {
    agreeing += Number(found.masks.data[i]) === mask ? 1 : 0;
    inside += mask;
  });
  expected.maps.forEach((value, i) => (cosine += value * Number(found.maps.data[i])));
  return { cosine: cosine / inside, masks: agreeing / expected.masks.length };
}

test('oriented gradients in the model are those of the alignment', async () => {
  const extractor = openGradientExtractor();
  const { cosine, masks } = await compare({ extractor });
  await extractor.dispose();
  expect(cosine).toBeGreaterThan(0.97);
  expect(masks).toBe(1);
});

test.skipIf(!hasShared)('an encoder in the model sees what it saw in the alignment', async () => {
  const encoder = await loadEncoder(`${shared('models/mobilenet-v1-pw3.onnx')}#features`);
  const extractor = encoderExtractor(encoder);
  const { cosine, masks } = await compare({ extractor, encoder });
  await extractor.dispose();
  expect(cosine).toBeGreaterThan(0.97);
  expect(masks).toBe(1);
});
