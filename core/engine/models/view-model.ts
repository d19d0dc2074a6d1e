import type { ModelReport } from '../../compute/inspect-model.ts';
import type { InspectedModel, Model } from '../../contract/commands/models.ts';
import type { ModelRecord } from '../../store/models.ts';
import { learnedModelId } from './model-ids.ts';
import type { ProgramModel } from './program-model.ts';

/** A model of the program as doors show it. */
export function viewProgramModel({ name, kind, source, about, sha256, bytes, addedAt }: ProgramModel): Model {
  return { id: sha256, name, kind, source, about, run: null, bytes, sha256, addedAt };
}

/** A model that a run learned, as doors show it. */
export function viewLearnedModel({ id, run, name, sha256, size, addedAt }: ModelRecord): Model {
  return {
    ...{ id: learnedModelId(id), name, kind: kindByName(name), source: 'learned', about: null },
    ...{ run: run === null ? null : String(run), bytes: size ?? 0, sha256, addedAt },
  };
}

/** What is inside a model, as doors show it. */
export function viewInspected(model: Model, report: ModelReport): InspectedModel {
  const { kind, opset, inputs, outputs, operators, parameters, metadata, usable, problems, encoderOutputs } = report;
  const ports = (all: ModelReport['inputs']) =>
    all.map(({ name, dtype, shape }) => ({ name: name.slice(0, 400), dtype, shape: [...shape] }));
  return {
    model: { ...model, kind },
    ...{ opset, inputs: ports(inputs), outputs: ports(outputs), parameters, usable },
    operators: operators.map((one) => ({ ...one, name: one.name.slice(0, 200) })),
    metadata: { ...metadata },
    problems: problems.map((problem) => problem.slice(0, 4000)),
    encoderOutputs: [...encoderOutputs],
  };
}

function kindByName(name: string): Model['kind'] {
  if (name.startsWith('localiser')) return 'localiser';
  if (name === 'classifier.onnx') return 'classifier';
  return name.startsWith('aligner') ? 'aligner' : 'other';
}
