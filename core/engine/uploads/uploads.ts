import { randomBytes } from 'node:crypto';
import { mkdir, rm, rmdir, statfs } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { ByteStream } from '../../contract/command.ts';
import { CongealError } from '../../contract/errors.ts';
import { explainWriteError } from '../../store/write-errors.ts';
import { receiveFile, removePartials, type ReceivedFile } from './receive-file.ts';

/** What an upload promises before it begins. */
export interface UploadPlan {
  readonly files: number;
  readonly bytes: number;
}

/** Files on their way into the folders of projects. */
export interface Uploads {
  /** Begins an upload into the folder beside a project file. **Throws** CongealError `disk-full`, `disk-failed`, `output-unwritable`. */
  readonly begin: (project: string, projectPath: string, plan: UploadPlan) => Promise<string>;
  /** Takes one file. **Throws** as `receiveFile`, and `not-found`, `too-many`. */
  readonly receive: (
    project: string,
    upload: string,
    file: {
      readonly name: string;
      readonly stream: ByteStream;
      readonly signal: AbortSignal;
      readonly atMostBytes: number;
    },
  ) => Promise<ReceivedFile>;
  /** Ends an upload and gives the folder that its files lie in. **Throws** `not-found`. */
  readonly finish: (project: string, upload: string) => string;
  /** Ends an upload and removes what it had brought. **Throws** `not-found`. */
  readonly cancel: (project: string, upload: string) => Promise<void>;
}

interface Upload {
  readonly project: string;
  readonly folder: string;
  readonly plan: UploadPlan;
  readonly files: ReceivedFile[];
  /** Files begun, finished or not, and the bytes that they may have together. */
  begun: number;
  bytes: number;
  over: boolean;
}

/** An upload that says nothing for so long is forgotten with what it brought, in milliseconds. */
const longestSilence = 3_600_000;

const mostUploads = 100;

/** The folder that uploads to a project go into: `NAME images`, beside `NAME.congeal`. */
export function uploadFolder(projectPath: string): string {
  return join(dirname(projectPath), `${basename(projectPath, extname(projectPath))} images`);
}

/** Makes an empty set of uploads. */
export function createUploads(): Uploads {
  const uploads = new Map<string, Upload & { timer: NodeJS.Timeout }>();
  const get = (project: string, id: string) => {
    const found = uploads.get(id);
    if (found?.project === project && !found.over) {
      found.timer.refresh();
      return found;
    }
    throw new CongealError('not-found', 'There is no upload of this id; begin a new one.');
  };
  const cancel = async (id: string) => {
    const upload = uploads.get(id);
    if (upload === undefined) return;
    uploads.delete(id);
    upload.over = true;
    clearTimeout(upload.timer);
    await removeFiles(upload.folder, upload.files);
  };
  return {
    begin: async (project, projectPath, plan) => {
      if (uploads.size >= mostUploads)
        throw new CongealError('too-many', `${mostUploads} uploads are under way already; finish or cancel some.`);
      const folder = uploadFolder(projectPath);
      await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
        throw explainWriteError(cause, folder);
      });
      await removePartials(
        folder,
        [...uploads.values()].some((other) => other.folder === folder),
      );
      await checkRoom(folder, plan.bytes);
      const id = randomBytes(12).toString('base64url');
      const timer = setTimeout(() => void cancel(id), longestSilence).unref();
      uploads.set(id, { project, folder, plan, files: [], begun: 0, bytes: 0, over: false, timer });
      return id;
    },
    receive: async (project, id, { name, stream, signal, atMostBytes }) => {
      const upload = get(project, id);
      if (upload.begun >= upload.plan.files)
        throw new CongealError('too-many', `This upload was begun for ${upload.plan.files} files; begin another one.`);
      upload.begun += 1;
      const left = upload.plan.bytes - upload.bytes;
      let file: ReceivedFile | undefined;
      try {
        file = await receiveFile(upload.folder, name, stream, { atMostBytes: Math.min(left, atMostBytes), signal });
        upload.bytes += file.bytes;
        upload.files.push(file);
      } finally {
        if (file === undefined) upload.begun -= 1;
      }
      /* It was cancelled while the file was on its way. */
      if (upload.over) {
        await removeFiles(upload.folder, [file]);
        get(project, id);
      }
      return file;
    },
    finish: (project, id) => {
      const upload = get(project, id);
      if (upload.files.length === 0)
        throw new CongealError('input-empty', 'Nothing was sent in this upload; send files first, or cancel it.');
      clearTimeout(upload.timer);
      uploads.delete(id);
      return upload.folder;
    },
    cancel: async (project, id) => {
      get(project, id);
      await cancel(id);
    },
  };
}

/** Removes files that were received, and the folders that have become empty with them. */
async function removeFiles(folder: string, files: readonly ReceivedFile[]): Promise<void> {
  for (const { path } of files) {
    await rm(path, { force: true });
    for (let at = dirname(path); at.startsWith(folder); at = dirname(at))
      if (
        !(await rmdir(at).then(
          () => true,
          () => false,
        ))
      )
        break;
  }
  await rmdir(folder).catch(() => undefined);
}

async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
  if (bytes <= bavail * bsize) return;
  throw new CongealError(
    'disk-full',
    `The files have ${bytes.toLocaleString('en')} bytes together, and there is room for ${(bavail * bsize).toLocaleString('en')}. Free some space and try again.`,
  );
}
