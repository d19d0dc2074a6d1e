import { isAbsolute, resolve } from 'node:path';

/**
 * The paths among the words of a command line: what the system names when a file or folder is opened with the program,
 * dropped on its icon, or named by a person. Words with a dash are switches.
 *
 * @param words - the words after the program itself
 * @param folder - where the person stood
 */
export function pathsAmong(words: readonly string[], folder: string): readonly string[] {
  return words
    .filter((word) => word !== '' && !word.startsWith('-') && !/^[a-z][a-z+.-]+:/i.test(word))
    .map((word) => (isAbsolute(word) ? word : resolve(folder, word)));
}

/** The words after the program itself: a packed program is one word, in development the shell's folder is a second. */
export function wordsAfterProgram(words: readonly string[], isPackaged: boolean): readonly string[] {
  const own = words.slice(1).filter((word) => !word.startsWith('-'));
  return isPackaged ? own : own.slice(1);
}
