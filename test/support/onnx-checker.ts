import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pythonWith } from './python.ts';
import { temporaryFolder } from './temporary.ts';

/** Debian's package is called python3-onnx. */
const python = pythonWith('onnx');

/** Whether the reference checker is here. */
export const hasOnnxChecker = python !== undefined;

/** What the reference checker says of models. */
interface Verdict {
  /** The newest opset that it knows; below 18 it leaves models out that use ops which changed there. */
  readonly opset: number;
  readonly checked: number;
  /** File, error and message of each model that it refuses. */
  readonly refused: readonly string[];
}

/** Runs the reference checker over models, by the name of their file. **Throws** where it does not run. */
export function checkWithOnnx(models: readonly (readonly [file: string, model: Uint8Array])[]): Verdict {
  const folder = temporaryFolder();
  const paths = models.map(([file, model]) => {
    const path = join(folder, file);
    writeFileSync(path, model);
    return path;
  });
  const script = resolve(import.meta.dirname, 'check-models.py');
  const { stdout, stderr, status } = spawnSync(python ?? '', [script], { input: paths.join('\n'), encoding: 'utf8' });
  if (status !== 0 || stderr !== '') throw new Error(`the checker ended with ${String(status)}: ${stderr}`);
  const [opset, ...refused] = stdout.trim().split('\n');
  return { opset: Number(opset), checked: Number((refused.pop() ?? '').replace('checked ', '')), refused };
}
