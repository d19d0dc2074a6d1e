import { readFile, stat } from 'node:fs/promises';
import { CongealError } from '../contract/errors.ts';

/**
 * Reads a file that a person has named.
 *
 * @param option - what it was named for, such as `--model`
 *
 * **Throws** CongealError `input-missing` for what is no regular file or cannot be read: pipes would block the program.
 */
export async function readGiven(option: string, path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      const kind = found.isDirectory() ? 'a folder' : found.isFIFO() ? 'a named pipe' : 'a device or a socket';
      throw new CongealError('input-missing', `${option}: ${path} is ${kind}, expected a file. Check its path.`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof CongealError) throw cause;
    throw new CongealError('input-missing', `${option}: ${path} cannot be read${whyOf(cause)}. Check its path.`, {
      cause,
    });
  }
}

function whyOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return ': there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return ': this user may not';
  return code === undefined ? '' : `: the system reports ${code}`;
}
