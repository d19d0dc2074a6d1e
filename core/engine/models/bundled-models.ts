import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { line, prose } from '../../contract/values.ts';
import { readJson } from '../../datasets/json.ts';
import type { ProgramModel } from './program-model.ts';

/** Beside the code, or among the resources of the packed program. */
const folders = ['../../../resources/models', '../../../../models'].map((way) => resolve(import.meta.dirname, way));

/** What `models.json` says of each model beside it. */
const listed = z.array(
  z.object({
    file: z.string(),
    name: line,
    kind: z.enum(['localiser', 'aligner']),
    sha256: z.string().length(64),
    about: prose,
  }),
);

/** The models that come with the program, in the order of `resources/models/models.json`. */
export function bundledModels(): readonly ProgramModel[] {
  const folder = folders.find((each) => existsSync(join(each, 'models.json')));
  if (folder === undefined) return [];
  const list = join(folder, 'models.json');
  return readJson(readFileSync(list, 'utf8'), list, listed).flatMap(({ file, ...facts }): ProgramModel[] => {
    const path = join(folder, file);
    const bytes = statSync(path, { throwIfNoEntry: false })?.size;
    return bytes === undefined ? [] : [{ ...facts, source: 'bundled', addedAt: null, bytes, path }];
  });
}
