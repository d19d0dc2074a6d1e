import { CongealError } from '../contract/errors.ts';
import type { ErrorCode } from '../contract/errors.ts';

/** Exit statuses of the command line; documented in the README. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, oldNode: 78, cancelled: 130 } as const;

/** Errors that another command line, or other files in its folder, would have avoided: exit 2. Everything else: exit 1. */
const usageErrors: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'usage',
  'input-missing',
  'input-empty',
  'input-unreadable',
  'too-few-images',
  'images-blank',
  'images-identical',
  'output-not-empty',
  'output-unwritable',
  'model-invalid',
  'model-unsuitable',
  'model-incompatible',
  'project-invalid',
  'project-newer',
  'checkpoint-missing',
  'checkpoint-mismatch',
  'unsupported',
  'old-node',
]);

/** The exit status that an error deserves. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CongealError && usageErrors.has(error.code)) return exitCodes.usage;
  return exitCodes.failed;
}
