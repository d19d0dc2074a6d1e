import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { open as openFile, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ByteStream } from '../../contract/command.ts';
import { CongealError } from '../../contract/errors.ts';
import { count, line } from '../../contract/values.ts';
import { findModel, loadModel } from '../../store/models.ts';
import { explainWriteError } from '../../store/write-errors.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writeWhole } from '../outputs.ts';
import { bundledModels } from './bundled-models.ts';
import { learnedModelRow } from './model-ids.ts';
import type { ProgramModel } from './program-model.ts';

const kinds = ['encoder', 'localiser', 'aligner', 'classifier', 'other'] as const;

/** What is written down beside an imported model. */
const description = z.object({ name: line, addedAt: count, kind: z.enum(kinds) });

/** A model's bytes, and what they are called. */
export interface OpenedModel {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** What holds of every model that did not come with the program. */
const imported = { source: 'imported', about: null } as const;

type Keeper = Pick<Engine, 'stateFolder'>;

/** The models of the program: those that came with it, then the others by name. A file without a description is none. */
export function listProgramModels({ stateFolder }: Keeper): readonly ProgramModel[] {
  const folder = join(stateFolder, 'models');
  const bundled = bundledModels();
  if (!existsSync(folder)) return bundled;
  const own = readdirSync(folder)
    .flatMap((name) => {
      const sha256 = /^([0-9a-f]{64})\.onnx$/.exec(name)?.[1];
      const isBundled = bundled.some((model) => model.sha256 === sha256);
      return sha256 === undefined || isBundled ? [] : (describe(folder, sha256) ?? []);
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return [...bundled, ...own];
}

/** One model of the program. **Throws** CongealError `not-found`. */
export function programModel(keeper: Keeper, id: string): ProgramModel {
  const bundled = bundledModels().find(({ sha256 }) => sha256 === id);
  const found = bundled ?? (/^[0-9a-f]{64}$/.test(id) ? describe(join(keeper.stateFolder, 'models'), id) : undefined);
  if (found !== undefined) return found;
  throw new CongealError('not-found', 'There is no model of this id; it may have been removed.', {
    details: { model: id },
  });
}

/** The bytes of a model of the program or of a project. **Throws** CongealError `not-found`, `model-invalid`. */
export async function openModel(keeper: Keeper, open: OpenProject | undefined, id: string): Promise<OpenedModel> {
  const row = learnedModelRow(id);
  if (row === undefined) {
    const { name, sha256, path, source } = programModel(keeper, id);
    const bytes = await readFile(path);
    if (hashOf(bytes) === sha256) return { name, sha256, bytes };
    throw new CongealError(
      'model-invalid',
      `The file of the model '${name}' has changed. ${source === 'bundled' ? 'Install the program again.' : 'Remove it and import it again.'}`,
    );
  }
  const record = open === undefined ? undefined : findModel(open.reader, row);
  const bytes = open === undefined ? undefined : loadModel(open.reader, row);
  if (record !== undefined && bytes !== undefined) return { name: record.name, sha256: record.sha256, bytes };
  throw new CongealError('not-found', 'There is no model of this id in this project, or its bytes are damaged.', {
    details: { model: id },
  });
}

/** A file that was received and does not count yet. */
export interface ReceivedModel {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Writes the bytes of a model beside the others, under a name of no model. **Throws** `disk-full`, `disk-failed`, `output-unwritable`. */
export async function receiveModel({ stateFolder }: Keeper, stream: ByteStream): Promise<ReceivedModel> {
  const folder = join(stateFolder, 'models');
  const path = join(folder, `.received-${randomBytes(8).toString('hex')}`);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    mkdirSync(folder, { recursive: true });
    const file = await openFile(path, 'wx', 0o600);
    try {
      for await (const part of stream) {
        hash.update(part);
        bytes += part.length;
        await file.writeFile(part);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { path, sha256: hash.digest('hex'), bytes };
  } catch (error) {
    await rm(path, { force: true });
    throw explainWriteError(error, folder);
  }
}

/** Makes a received file one of the program's models. The same bytes twice are one, under the newer name or as bundled. */
export async function adoptModel(
  { stateFolder }: Keeper,
  { path, sha256, bytes }: ReceivedModel,
  facts: Pick<ProgramModel, 'name' | 'kind'>,
): Promise<ProgramModel> {
  const bundled = bundledModels().find((model) => model.sha256 === sha256);
  if (bundled !== undefined) {
    await rm(path);
    return bundled;
  }
  const folder = join(stateFolder, 'models');
  const target = join(folder, `${sha256}.onnx`);
  const described = { name: facts.name, kind: facts.kind, addedAt: Date.now() };
  await writeWhole(join(folder, `${sha256}.json`), JSON.stringify(described));
  await rename(path, target);
  return { ...described, ...imported, sha256, bytes, path: target };
}

/** Forgets an imported model. **Throws** CongealError `not-found`, and `conflict` for one that came with the program. */
export async function removeProgramModel(keeper: Keeper, id: string): Promise<void> {
  const { name, path, source } = programModel(keeper, id);
  if (source === 'bundled')
    throw new CongealError(
      'conflict',
      `The model '${name}' belongs to the program; only imported ones can be removed.`,
    );
  await rm(path, { force: true });
  await rm(path.replace(/\.onnx$/, '.json'), { force: true });
}

function describe(folder: string, sha256: string): ProgramModel | undefined {
  const path = join(folder, `${sha256}.onnx`);
  try {
    const known = description.parse(JSON.parse(readFileSync(join(folder, `${sha256}.json`), 'utf8')));
    return { ...known, ...imported, sha256, path, bytes: statSync(path).size };
  } catch {
    return undefined;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
