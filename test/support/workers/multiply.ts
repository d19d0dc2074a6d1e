import { GraphBuilder } from '../../../core/graph/builder.ts';
import { matMul } from '../../../core/graph/ops/linear.ts';
import { float32 } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';

/** Multiplies a square matrix by itself so many times, in one run of ONNX Runtime. */
export async function multiply({ side, times }: { readonly side: number; readonly times: number }): Promise<undefined> {
  const g = new GraphBuilder();
  const matrix = g.input('matrix', [side, side]);
  let product = matrix;
  for (let n = 0; n < times; n++) product = matMul(g, product, matrix);
  g.output('product', product);
  const session = await openSession(g.build(), { threads: 1 });
  await session.run({ matrix: float32(new Float32Array(side * side), [side, side]) });
  return undefined;
}
