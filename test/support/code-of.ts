import { CongealError } from '../../core/contract/errors.ts';

/** The code of the error that some work throws, or 'no error'. **Throws** what is none of ours. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CongealError) return error.code;
    throw error;
  }
  return 'no error';
}
