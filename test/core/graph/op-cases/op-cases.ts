import type { OpName } from '../../../../core/graph/op-name.ts';
import { arithmeticCases } from './arithmetic-cases.ts';
import { compareCases } from './compare-cases.ts';
import { convolutionCases } from './convolution-cases.ts';
import { elementwiseCases } from './elementwise-cases.ts';
import { indexingCases } from './indexing-cases.ts';
import { linearCases } from './linear-cases.ts';
import { movementCases } from './movement-cases.ts';
import { normalisationCases } from './normalisation-cases.ts';
import type { OpCase } from './op-case.ts';
import { poolingCases } from './pooling-cases.ts';
import { reduceCases } from './reduce-cases.ts';
import { sampleCases } from './sample-cases.ts';

/** Cases of every op. Total: an op without cases does not compile. */
export const opCases: Readonly<Record<OpName, readonly OpCase[]>> = {
  ...arithmeticCases,
  ...compareCases,
  ...convolutionCases,
  ...elementwiseCases,
  ...indexingCases,
  ...linearCases,
  ...movementCases,
  ...normalisationCases,
  ...poolingCases,
  ...reduceCases,
  ...sampleCases,
};
