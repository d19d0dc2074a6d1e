import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import type { OpRule } from '../../../core/graph/rule.ts';
import { rules } from '../../../core/graph/rules.ts';
import { interpreterKernels } from '../../support/interpreter.ts';
import { checkCases } from './op-cases/case-checks.ts';
import { declare, wantedOf } from './op-cases/case-content.ts';
import type { OpCase } from './op-cases/op-case.ts';
import { opCases } from './op-cases/op-cases.ts';

type Table<T> = Readonly<Record<string, T>>;

/** What is missing to believe a table of rules, one sentence per gap. */
function gaps(table: Table<OpRule>, cases: Table<readonly OpCase[]>, kernels: Table<unknown>): string[] {
  return Object.entries(table).flatMap(([op, { gradient }]) => {
    const own = op in cases ? cases[op] : [];
    const uses = own.some((one) => {
      const g = new GraphBuilder();
      declare(g, one);
      return g.soFar().some((node) => node.op === op);
    });
    const learns = own.some((one) => wantedOf(one).length > 0);
    return [
      op in kernels ? '' : `${op} has no float64 form in test/support/interpreter*.ts`,
      uses ? '' : `${op} has no case that uses it in test/core/graph/op-cases`,
      typeof gradient === 'function' && !learns ? `no case of ${op} checks its gradient` : '',
      typeof gradient !== 'function' && learns
        ? `a case of ${op} wants a gradient, which its rule says it has not`
        : '',
    ].filter(Boolean);
  });
}

describe('every op has a float64 form and cases', () => {
  test('there is no gap', () => {
    expect(gaps(rules, opCases, interpreterKernels)).toEqual([]);
  });

  test('an op that were added without them would be named', () => {
    const { Relu, Floor } = rules;
    expect(gaps({ Swish: Relu }, {}, {})).toEqual([
      'Swish has no float64 form in test/support/interpreter*.ts',
      'Swish has no case that uses it in test/core/graph/op-cases',
      'no case of Swish checks its gradient',
    ]);
    expect(gaps({ Floor }, { Floor: opCases.Relu }, { Floor: 1 })).toEqual([
      'Floor has no case that uses it in test/core/graph/op-cases',
      'a case of Floor wants a gradient, which its rule says it has not',
    ]);
  });
});

checkCases(opCases);
