import { expect, test } from 'vitest';
import { openSession } from '../../../core/runtime/session.ts';
import { writeModel } from '../../support/onnx-writer.ts';
import { smallFile } from '../../support/small-file.ts';

test('a model whose weights lie elsewhere is refused before ONNX Runtime looks for them', async () => {
  const elsewhere = { dataType: 1, dims: [3n], dataLocation: 1 };
  const weight = writeModel({ ...smallFile, constants: { ...smallFile.constants, b: elsewhere } });
  await expect(openSession(weight)).rejects.toMatchObject({ code: 'model-invalid' });
  await expect(openSession(weight)).rejects.toThrow(/keeps 1 of its weights in another file.*data inside/);
  const body = { node: [{ opType: 'Constant', attribute: [{ name: 'value', type: 4, t: elsewhere }] }] };
  const branch = { op: 'If', inputs: ['y'], outputs: ['z'], attributes: { then_branch: { type: 5, g: body } } };
  const hidden = writeModel({ ...smallFile, nodes: [...smallFile.nodes, branch] });
  await expect(openSession(hidden)).rejects.toThrow(/keeps 1 of its weights in another file/);
});

test('bytes that are no model are refused with the place', async () => {
  await expect(openSession(new TextEncoder().encode('<html></html>'))).rejects.toThrow(/byte \d+ is damaged/);
});
