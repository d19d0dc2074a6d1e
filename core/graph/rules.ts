import type { OpName } from './op-name.ts';
import { arithmeticRules } from './ops/arithmetic.ts';
import { compareRules } from './ops/compare.ts';
import { convolutionRules } from './ops/convolution.ts';
import { elementwiseRules } from './ops/elementwise.ts';
import { indexNDRules } from './ops/indexing-nd.ts';
import { indexRules } from './ops/indexing.ts';
import { linearRules } from './ops/linear.ts';
import { movementRules } from './ops/movement.ts';
import { normalisationRules } from './ops/normalisation.ts';
import { padRules } from './ops/padding.ts';
import { poolingRules } from './ops/pooling.ts';
import { reduceRules } from './ops/reduce.ts';
import { runTimeShapeRules } from './ops/run-time-shape.ts';
import { sampleRules } from './ops/sample.ts';
import { sliceRules } from './ops/slicing.ts';
import type { OpRule } from './rule.ts';

const table = {
  ...arithmeticRules,
  ...compareRules,
  ...convolutionRules,
  ...elementwiseRules,
  ...indexNDRules,
  ...indexRules,
  ...linearRules,
  ...movementRules,
  ...normalisationRules,
  ...padRules,
  ...poolingRules,
  ...reduceRules,
  ...runTimeShapeRules,
  ...sampleRules,
  ...sliceRules,
} satisfies Record<OpName, OpRule>;

/** Every op's rule. Total: an op without a rule does not compile. */
export const rules: Readonly<Record<OpName, OpRule>> = table;
