import { z } from 'zod';
import { bytes, command } from '../command.ts';
import { count, id, inProject, line, moment, nothing, prose } from '../values.ts';

const model = z
  .strictObject({
    id,
    name: line,
    kind: z.enum(['encoder', 'localiser', 'aligner', 'classifier', 'other']),
    source: z.enum(['bundled', 'imported', 'learned']),
    about: prose.nullable().describe('What a bundled model does, and what it was learned from'),
    run: id.nullable().describe('The run that learned it'),
    bytes: count,
    sha256: z.string().length(64),
    addedAt: moment.nullable(),
  })
  .meta({ id: 'Model' });
export type Model = z.infer<typeof model>;

const value = z.strictObject({
  name: z.string().max(400),
  dtype: z.string().max(32),
  shape: z.array(z.union([z.number(), z.string().max(200), z.null()])).describe('Names and null: not fixed'),
});

const inspected = z
  .strictObject({
    model,
    opset: count,
    inputs: z.array(value),
    outputs: z.array(value),
    operators: z.array(z.strictObject({ name: z.string().max(200), times: count })),
    parameters: count,
    metadata: z.record(z.string(), z.string()),
    usable: z.boolean(),
    problems: z.array(prose).describe('Why it cannot be used'),
    encoderOutputs: z.array(z.string()).describe('Outputs that can serve as feature maps'),
  })
  .meta({ id: 'InspectedModel' });
export type InspectedModel = z.infer<typeof inspected>;

const onnx = bytes(['application/octet-stream']);

/** Models: bundled, imported and learned networks. */
export const models = {
  list: command({
    method: 'GET',
    path: '/api/models',
    summary: 'Models of the program: bundled and imported',
    effect: 'reads',
    answer: z.strictObject({ models: z.array(model) }),
  }),
  learned: command({
    method: 'GET',
    path: '/api/projects/:project/models',
    summary: 'Models that the runs of a project learned',
    effect: 'reads',
    params: inProject,
    answer: z.strictObject({ models: z.array(model) }),
  }),
  keep: command({
    method: 'POST',
    path: '/api/projects/:project/models/:model/keep',
    summary: 'Keep a learned model among those of the program, for other projects',
    effect: 'changes',
    params: inProject.extend({ model: id }),
    body: z.strictObject({ name: line.max(80) }),
    answer: model,
  }),
  import: command({
    method: 'POST',
    path: '/api/models',
    summary: 'Import an ONNX file',
    effect: 'changes',
    query: z.strictObject({ name: line.max(80) }),
    body: onnx,
    answer: inspected,
  }),
  inspect: command({
    method: 'GET',
    path: '/api/models/:model',
    summary: 'What an ONNX file declares: inputs, outputs, operators, whether it can be used and for what',
    effect: 'reads',
    params: z.strictObject({ model: id }),
    query: z.strictObject({ project: id.optional().describe('The project that learned it') }),
    answer: inspected,
  }),
  download: command({
    method: 'GET',
    path: '/api/models/:model/file',
    summary: 'The ONNX file',
    effect: 'reads',
    params: z.strictObject({ model: id }),
    query: z.strictObject({ project: id.optional().describe('The project that learned it') }),
    answer: onnx,
  }),
  remove: command({
    method: 'DELETE',
    path: '/api/models/:model',
    summary: 'Remove an imported model',
    effect: 'changes',
    params: z.strictObject({ model: id }),
    answer: nothing,
  }),
};
