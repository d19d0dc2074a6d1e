import { float32, floats, type Tensor } from '../../graph/tensor.ts';
import { openSession, type Session, type SessionOptions } from '../../runtime/session.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';
import { breathe } from '../breathe.ts';
import { type FixedExamples, valuesOf } from './examples.ts';
import { inspectionGraph } from './graphs.ts';

/** How a network does on a set. */
export interface Verdict {
  /** Probabilities of the classes, `[N, classes]`. */
  readonly probabilities: Float32Array;
  /** Class with the largest probability, one per example. */
  readonly answers: Uint16Array;
  readonly wrong: number;
  /** Mean cross entropy. */
  readonly loss: number;
}

/** Runs a network over sets with any parameters, in batches. */
export interface Inspector {
  judge(examples: FixedExamples, parameters: Readonly<Record<string, Tensor>>, signal?: AbortSignal): Promise<Verdict>;
  /** Named outputs of the inspection graph for some examples, `[members, ...]`. */
  look(
    examples: FixedExamples,
    members: readonly number[],
    parameters: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>>;
  dispose(): Promise<void>;
}

const batch = 64;
const smallestProbability = 1e-12;

/** Opens a network for looking at what it says. */
export async function openInspector(network: CompiledNetwork, options: SessionOptions): Promise<Inspector> {
  const session = await openSession(inspectionGraph(network, batch), options);
  const size = valuesOf(network.input);
  const look: Inspector['look'] = async (examples, members, parameters, outputs) => {
    const collected = Object.fromEntries(outputs.map((name) => [name, [] as Float32Array[]]));
    for (let from = 0; from < members.length; from += batch) {
      const some = members.slice(from, from + batch);
      const images = new Float32Array(batch * size);
      for (const [n, member] of some.entries())
        images.set(examples.values.subarray(member * size, (member + 1) * size), n * size);
      const results = await run(session, images, network, parameters, outputs);
      for (const name of outputs) {
        const data = floats(results[name]);
        collected[name].push(data.slice(0, (data.length / batch) * some.length));
      }
    }
    return Object.fromEntries(outputs.map((name) => [name, joined(collected[name])]));
  };
  return {
    look,
    judge: async (examples, parameters, signal) => {
      const { classes } = network;
      const count = examples.labels.length;
      const parts: Float32Array[] = [];
      for (let from = 0; from < count; from += 8 * batch) {
        const members = Array.from({ length: Math.min(8 * batch, count - from) }, (_, n) => from + n);
        parts.push((await look(examples, members, parameters, ['probabilities']))['probabilities']);
        await breathe(signal);
      }
      const probabilities = joined(parts);
      return { probabilities, ...judged(probabilities, examples.labels, classes) };
    },
    dispose: () => session.dispose(),
  };
}

function run(
  session: Session,
  images: Float32Array,
  { input, initial }: CompiledNetwork,
  parameters: Readonly<Record<string, Tensor>>,
  outputs: readonly string[],
): Promise<Record<string, Tensor>> {
  const own = Object.fromEntries(Object.keys(initial).map((name) => [name, parameters[name]]));
  return session.run({ images: float32(images, [batch, ...input]), ...own }, outputs);
}

function judged(probabilities: Float32Array, labels: Uint16Array, classes: number): Omit<Verdict, 'probabilities'> {
  const answers = new Uint16Array(labels.length);
  let [wrong, loss] = [0, 0];
  for (const [i, label] of labels.entries()) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    answers[i] = row.reduce((best, value, k) => (value > row[best] ? k : best), 0);
    if (answers[i] !== label) wrong += 1;
    loss -= Math.log(Math.max(smallestProbability, row[label])) / labels.length;
  }
  return { answers, wrong, loss };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
