import { evaluate } from '../evaluate/evaluate.ts';
import { integer } from '../rule.ts';
import { elementCount, int64 } from '../tensor.ts';
import type { Pass } from './pass.ts';

/** Results this small are always kept as numbers; larger ones only where they are no larger than what they come from. */
const small = 1024;

/** What follows from constants and from shapes that never change is worked out now, in float64, rounded once. */
export const constantFolding: Pass = {
  name: 'constant folding',
  start:
    () =>
    ({ op, inputs, outputs, attributes }, { g, constant, rigid }) => {
      const [x] = inputs;
      if (op === 'Shape' && x && rigid(x)) {
        const part = x.shape.slice(integer(attributes, 'start', 0), integer(attributes, 'end', x.shape.length));
        return [g.constant(int64(part))];
      }
      const known = inputs.map((input) => input && (constant(input) ?? 'unknown'));
      if (known.length === 0 || !known.every((of) => of !== 'unknown')) return undefined;
      const given = known.reduce((sum, of) => sum + (of ? elementCount(of.shape) : 0), 0);
      const made = outputs.reduce((sum, { shape }) => sum + elementCount(shape), 0);
      if (made > Math.max(small, given)) return undefined;
      return evaluate(op, known, attributes, outputs)?.map((of) => g.constant(of));
    },
};
