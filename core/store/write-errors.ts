import { CongealError } from '../contract/errors.ts';

/**
 * What the file system reports while `path` is written, as one of ours that says what to do: `disk-full`,
 * `disk-failed` or `output-unwritable`. Anything else comes back as it is.
 */
export function explainWriteError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const explained = (kind: 'disk-full' | 'disk-failed' | 'output-unwritable', message: string) =>
    new CongealError(kind, message, { cause: error, details: { path } });
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return explained(
        'disk-full',
        `The disk is full: ${path} could not be written. What was finished before is kept; make room and try again.`,
      );
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
    case 'EREMOTEIO':
      return explained(
        'disk-failed',
        `The disk reported an error (${code}): ${path} could not be written. What was finished before is kept; check the disk and its connection and try again, or choose another one.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return explained(
        'output-unwritable',
        `${path} cannot be written (${code}). Change its permissions, or choose another folder.`,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return explained(
        'output-unwritable',
        `${path} cannot be made: a file is in the way of a folder. Choose another folder.`,
      );
    default:
      if (code === undefined || !isSystemError(error)) return error;
      return explained('output-unwritable', `${path} cannot be written (${code}). Choose another folder.`);
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && 'syscall' in error;
}
