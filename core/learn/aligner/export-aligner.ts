import type { Matrix3 } from '../../geometry/matrix.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { slice } from '../../graph/ops/movement.ts';
import { resize } from '../../graph/ops/sample.ts';
import { normalise } from '../congeal/gauge.ts';
import { alignNodes, type AlignerCore } from './align-nodes.ts';
import { canonicalToLearning } from './lessons.ts';
import { sharedConstants } from './shared-constants.ts';
import { renderNodes, viewNodes, workSide } from './view-nodes.ts';

/** Everything that the exported network is made of. */
export interface AlignerParts extends AlignerCore {
  /** Side of the crops in pixels. */
  readonly size: number;
  /** Further entries of the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes the learned transformer as one ONNX model that needs nothing else.
 *
 * `pixels` `[N, 3, H, W]` (RGB, 0..1, any size) to `theta` `[N, 2, 3]`, the crop `[N, 3, S, S]` and the score `[N]`.
 * Projective alignments come out affine. **Convention**: theta takes the canonical frame to unit coordinates of the input,
 * align_corners = false.
 */
export function exportAligner(parts: AlignerParts): Uint8Array<ArrayBuffer> {
  const { template, size } = parts;
  const graph = new GraphBuilder();
  const g = sharedConstants(graph);
  const pixels = graph.input('pixels', [1, 3, 256, 320], 'float32', { 0: 'n', 2: 'height', 3: 'width' });
  const side = Math.max(workSide, 2 * size);
  const colours = resize(g, pixels, { sizes: [side, side], axes: [2, 3], antialias: true });
  const { matrix, score } = alignNodes(g, parts, pixels, colours);
  const canonical = matMul(g, matrix, g.constant(affinePart(canonicalToLearning(template)), [1, 3, 3]));
  graph.output('theta', slice(g, canonical, { starts: [0], ends: [2], axes: [1] }), { 0: 'n' });
  graph.output('crop', renderNodes(g, viewNodes(g, pixels, colours), canonical, size), { 0: 'n' });
  graph.output('score', score, { 0: 'n' });
  return encode(graph.build(), { metadata: describeModel(parts) });
}

/** The affine map that agrees with a matrix at the origin to first order. */
function affinePart(matrix: Matrix3): Matrix3 {
  const [a, b, x, c, d, y, p, q] = normalise(matrix);
  return [a - x * p, b - x * q, x, c - y * p, d - y * q, y, 0, 0, 1];
}

function describeModel({ template, size, metadata }: AlignerParts): Record<string, string> {
  return {
    kind: 'aligner',
    version: '1',
    family: template.family === 'projective' ? 'affine' : template.family,
    features: template.extractor,
    mirror: String(template.mirror),
    work_side: String(workSide),
    crop_side: String(size),
    conventions:
      'pixels: RGB, values 0 to 1, any size. theta: maps the canonical crop ([-1, 1] x [-1, 1], x right, y down, edges of the ' +
      'crop at -1 and 1) to the input image in the same units (align_corners = false); a negative determinant means ' +
      'mirrored. crop: the image seen through theta. score: similarity to the learned mean, higher is better.',
    ...metadata,
  };
}
