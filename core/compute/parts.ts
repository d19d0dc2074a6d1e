import { loadSharp } from '../imaging/load-sharp.ts';
import { loadOnnxRuntime } from '../runtime/load-onnx-runtime.ts';

/** A part of the program that cannot be used here, and why. */
export interface MissingPart {
  readonly part: string;
  readonly reason: string;
}

/** The native parts that workers load, what each is for, and how it is loaded. */
const parts = [
  { part: 'sharp', purpose: 'images cannot be opened', load: loadSharp },
  { part: 'onnxruntime-node', purpose: 'nothing can be learned', load: loadOnnxRuntime },
] as const;

/** Tries to load every native part; gives those that cannot be loaded. */
export async function missingParts(): Promise<readonly MissingPart[]> {
  const missing: MissingPart[] = [];
  for (const { part, purpose, load } of parts) {
    try {
      await load();
    } catch (error) {
      missing.push({ part, reason: `It cannot be loaded, so ${purpose}: ${firstLineOf(error)}. Run npm ci again.` });
    }
  }
  return missing;
}

function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .trim()
    .split('\n')[0]
    .replace(/[.:]+$/, '');
}
