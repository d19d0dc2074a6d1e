import { engine } from '../api/client.ts';
import type { DroppedFile } from './dropped-files.ts';

/** How many files are sent at a time: the browser keeps connections for everything else. */
const atOnce = 3;

/** Dropped files on their way into a project: copied beside its file, then imported. */
export class Upload {
  readonly total: number;
  done = $state(0);
  /** Files that could not be sent, with reasons. */
  failures = $state.raw<readonly string[]>([]);
  readonly #files: readonly DroppedFile[];
  readonly #project: string;
  readonly #ending = new AbortController();

  constructor(project: string, files: readonly DroppedFile[]) {
    this.#project = project;
    this.#files = files;
    this.total = files.length;
  }

  cancel(): void {
    this.#ending.abort();
  }

  /** Sends everything and starts the import. **Throws** what the engine refuses; AbortError after `cancel`. */
  async send(): Promise<void> {
    const { signal } = this.#ending;
    const params = { project: this.#project };
    const bytes = this.#files.reduce((sum, { file }) => sum + file.size, 0);
    const { upload } = await engine.uploads.begin({ params, body: { files: this.total, bytes } });
    const inUpload = { ...params, upload };
    const waiting = this.#files.values();
    const sendOn = async () => {
      for (const { name, file } of waiting) {
        signal.throwIfAborted();
        try {
          const body = new Uint8Array(await file.arrayBuffer());
          await engine.uploads.file({ params: inUpload, query: { name }, body, signal });
        } catch (error) {
          if (signal.aborted) throw error;
          this.failures = [...this.failures, `${name}: ${error instanceof Error ? error.message : String(error)}`];
        }
        this.done += 1;
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, sendOn));
      if (this.failures.length === this.total) throw new Error('No file could be sent.');
      await engine.uploads.finish({ params: inUpload });
    } catch (error) {
      await engine.uploads.cancel({ params: inUpload }).catch(() => undefined);
      throw error;
    }
  }
}
