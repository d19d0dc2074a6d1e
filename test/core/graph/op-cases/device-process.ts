/**
 * Runs cases on the WebGPU provider with no op left to the processor, in a process of its own, which must find a graphics
 * card in its environment. Sends one message per case that fails: its name and what went wrong.
 */
import { openSession } from '../../../../core/runtime/session.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import type { Tensor } from '../../../../core/graph/tensor.ts';
import type { Graph } from '../../../../core/graph/value.ts';
import { gradientGraph } from '../../../support/check-gradient.ts';
import { fromTensor, interpret } from '../../../support/interpreter.ts';
import { content, declare, wantedOf } from './case-content.ts';
import { functionCases } from './function-cases.ts';
import type { OpCase } from './op-case.ts';
import { opCases } from './op-cases.ts';

const tolerance = 3e-5;

async function problemOf(graph: Graph, feeds: Record<string, Tensor>): Promise<string | undefined> {
  const plain = Object.entries(feeds).map(([name, of]) => [name, fromTensor(of)] as const);
  const expected = interpret(graph, Object.fromEntries(plain));
  try {
    const session = await openSession(graph, { provider: 'webgpu', strict: true });
    const results = await session.run(feeds);
    await session.dispose();
    for (const [name, found] of Object.entries(results)) {
      const numbers = fromTensor(found).data;
      const far = expected[name].data.findIndex((value, i) => !near(value, numbers[i]));
      if (far >= 0) return `${name} is ${numbers[far]}, expected ${expected[name].data[far]}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function near(expected: number, found: number): boolean {
  return Math.abs(expected - found) <= tolerance * Math.max(1, Math.abs(expected));
}

/** The first and the last case with floats in it: whole numbers and bools are the processor's business. */
function chosen(cases: readonly OpCase[]): OpCase[] {
  const floats = cases.filter(({ inputs }) =>
    Object.values(inputs).some(({ shape, dtype = 'float32' }) => dtype === 'float32' && !shape.includes(0)),
  );
  return [...new Set([...floats.slice(0, 1), ...floats.slice(-1)])];
}

for (const [op, cases] of Object.entries({ ...opCases, ...functionCases })) {
  for (const one of chosen(cases)) {
    const g = new GraphBuilder();
    g.output('y', declare(g, one));
    const wanted = wantedOf(one);
    const graphs = [g.build(), ...(wanted.length > 0 ? [gradientGraph((h) => declare(h, one), wanted)] : [])];
    for (const [i, graph] of graphs.entries()) {
      const problem = await problemOf(graph, content(one));
      if (problem !== undefined) process.send?.([`${op}${i === 0 ? '' : ' gradient'}`, one.name, problem]);
    }
  }
}
process.send?.('done');
