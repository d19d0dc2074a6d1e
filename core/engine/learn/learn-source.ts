import { dirname, resolve } from 'node:path';
import type { LabelledFile, LearnSource } from '../../compute/classifier/learn-request.ts';
import { CongealError } from '../../contract/errors.ts';
import type { LearnOptions } from '../../contract/options.ts';
import { resolveSource, type Source } from '../source.ts';

/** The files of a run, and how they are handed to the job. */
export interface LearnFiles {
  readonly source: Source;
  readonly request: LearnSource;
}

/** What names of a test folder begin with, so that they differ from those that are learned from. */
const testPrefix = 'test: ';

/**
 * What there is to learn from and to test with.
 *
 * **Throws** CongealError `usage` where neither or both of a folder and idx files are given, and as `resolveSource`.
 */
export async function learnFiles(options: LearnOptions, signal: AbortSignal): Promise<LearnFiles> {
  const { folder, test, idx, testIdx, out } = options;
  if ((folder === undefined) === (idx === undefined))
    throw new CongealError(
      'usage',
      'Expected either a folder whose subfolders are the classes, or --idx IMAGES LABELS. See --help.',
    );
  if (idx !== undefined) {
    if (test !== undefined)
      throw new CongealError('usage', '--test names a folder; idx files are tested with --test-idx IMAGES LABELS.');
    return idxFiles(idx, testIdx);
  }
  if (testIdx !== undefined)
    throw new CongealError('usage', '--test-idx goes with --idx; class folders are tested with --test FOLDER.');
  const mine = labelled(await resolveSource(folder ?? '', out, signal), '');
  const other = test === undefined ? undefined : labelled(await resolveSource(test, out, signal), testPrefix);
  return {
    source: {
      ...mine.source,
      files: [...mine.files, ...(other?.files ?? [])],
      failures: [...mine.failures, ...(other?.failures ?? [])],
    },
    request: { kind: 'files', files: mine.files, test: other?.files ?? [] },
  };
}

/** Classes are the folders right below the one that was named; what lies beside them has none. */
function labelled(source: Source, prefix: string) {
  const files: LabelledFile[] = [];
  const failures = source.failures.map((failure) => ({ ...failure, id: prefix + failure.id }));
  for (const { id, path } of source.files) {
    const end = id.indexOf('/');
    if (end > 0) files.push({ id: prefix + id, path, label: id.slice(0, end) });
    else
      failures.push({
        id: prefix + id,
        path,
        code: 'usage',
        reason: 'It lies in no folder of a class; move it into one.',
      });
  }
  return { source, files, failures };
}

function idxFiles(idx: readonly [string, string], testIdx: readonly [string, string] | undefined): LearnFiles {
  const [images, labels] = idx.map((path) => resolve(path));
  const pairs = testIdx?.map((path) => resolve(path));
  return {
    source: { root: dirname(images), files: [], failures: [], leftOut: [] },
    request: {
      kind: 'idx',
      train: { images, labels },
      test: pairs === undefined ? null : { images: pairs[0], labels: pairs[1] },
    },
  };
}
