import { readFile } from 'node:fs/promises';
import { CongealError } from '../contract/errors.ts';
import { decode, type DecodedModel } from '../graph/decode.ts';
import { GraphError } from '../graph/graph-error.ts';
import { preflight } from '../graph/preflight.ts';
import { inspectModel } from '../runtime/inspect.ts';
import type { PortInfo } from '../runtime/session.ts';
import { openSession } from '../runtime/session.ts';

/** A model by its file or by its bytes. */
export type ModelSource = { readonly path: string } | { readonly model: Uint8Array };

/** What an ONNX file declares, what it holds, and whether it can be used. */
export interface ModelReport {
  readonly kind: 'encoder' | 'localiser' | 'aligner' | 'classifier' | 'other';
  readonly opset: number;
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly operators: readonly { readonly name: string; readonly times: number }[];
  /** Numbers that were learned: elements of all constants. */
  readonly parameters: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly usable: boolean;
  readonly problems: readonly string[];
  /** Outputs that can serve as feature maps. */
  readonly encoderOutputs: readonly string[];
}

/** Inspects a model without computing with it. **Throws** CongealError `model-invalid` for a file that is no model. */
export async function reportModel(source: ModelSource): Promise<ModelReport> {
  const bytes = 'model' in source ? source.model : await readFile(source.path);
  const { opset, metadata } = inspectModel(bytes);
  const model = decode(bytes);
  const problems: string[] = [];
  const session = await openSession(bytes, { threads: 1 }).catch((error: unknown) => {
    if (!(error instanceof CongealError)) throw error;
    problems.push(error.message);
    return undefined;
  });
  const inputs = session?.inputs ?? [];
  const outputs = session?.outputs ?? [];
  await session?.dispose();
  const graphProblem = problemAsGraph(model);
  if (graphProblem !== undefined) problems.push(graphProblem);
  const encoderOutputs = takesPictures(inputs) ? outputs.filter(isMaps).map(({ name }) => name) : [];
  return {
    kind: kindOf(inputs, outputs, metadata, encoderOutputs),
    ...{ opset, inputs, outputs, metadata, problems, encoderOutputs },
    operators: countOps(model),
    parameters: countParameters(model),
    usable: session !== undefined,
  };
}

/** Models that cannot be read into a graph can run, but nothing can be learned through them. */
function problemAsGraph(model: DecodedModel): string | undefined {
  try {
    preflight(model);
    return undefined;
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return `It can run, but it cannot become part of a model that is learned: ${error.message}.`;
  }
}

function kindOf(
  inputs: readonly PortInfo[],
  outputs: readonly PortInfo[],
  metadata: Readonly<Record<string, string>>,
  encoderOutputs: readonly string[],
): ModelReport['kind'] {
  const has = (name: string) => outputs.some((output) => output.name === name);
  if (inputs.length === 1 && inputs[0].name === 'pixels' && has('theta')) return has('box') ? 'localiser' : 'aligner';
  if ('classes' in metadata) return 'classifier';
  return encoderOutputs.length > 0 ? 'encoder' : 'other';
}

function takesPictures(inputs: readonly PortInfo[]): boolean {
  return (
    inputs.length === 1 && inputs[0].dtype === 'float32' && inputs[0].shape.length === 4 && inputs[0].shape[1] === 3
  );
}

function isMaps({ dtype, shape }: PortInfo): boolean {
  return dtype === 'float32' && shape.length === 4;
}

function countOps({ nodes }: DecodedModel): ModelReport['operators'] {
  const times = new Map<string, number>();
  for (const { op } of nodes) times.set(op, (times.get(op) ?? 0) + 1);
  return [...times].map(([name, count]) => ({ name, times: count })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function countParameters({ constants }: DecodedModel): number {
  return Object.values(constants).reduce((sum, { data }) => sum + data.length, 0);
}
