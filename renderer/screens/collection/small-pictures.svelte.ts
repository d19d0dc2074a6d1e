import { picturesOfBundle } from '../../../core/contract/picture-bundle.ts';
import { engine } from '../../api/client.ts';
import type { ImageRow } from '../../api/types.ts';
import type { DecodedPicture } from './decode-picture.ts';
import { decodePicture } from './decode-picture.ts';

/** Of what is decoded; beyond it what was used longest ago leaves, down to a share of it. */
const mostBytes = 48 * 2 ** 20;
const keptShare = 0.9;
const bundleLength = 64;
/** What is only ahead waits until so many can be asked for at once. */
const leastAhead = 24;
const mostAsked = 2;

/** Pictures of 64 pixels that cells show until they have sharper ones, many from one request. */
export class SmallPictures {
  /** Grows whenever pictures have come. */
  #came = $state(0);
  /** By version, used longest ago first; null where the engine keeps none. */
  readonly #kept = new Map<string, DecodedPicture | null>();
  #bytes = 0;
  #wanted: ReadonlySet<string> = new Set();
  readonly #asked = new Map<AbortController, ReadonlySet<string>>();
  #askOn = (): void => undefined;
  #isClosed = false;
  readonly #project: string;

  constructor(project: string) {
    this.#project = project;
  }

  /**
   * What a cell shows before its sharp picture; undefined until it has come, null where there is none: in the canonical
   * pose, and where the engine would have to make it first.
   */
  of({ status, thumbnail }: ImageRow, pose: 'original' | 'aligned'): DecodedPicture | null | undefined {
    if (status !== 'ready' || pose === 'aligned') return null;
    return this.#came < 0 ? undefined : this.#kept.get(thumbnail);
  }

  /** Says which pictures are needed now and which may be soon, the most urgent first. What nobody wants is given up. */
  want(now: readonly ImageRow[], soon: readonly ImageRow[]): void {
    this.#wanted = new Set([...now, ...soon].map(({ thumbnail }) => thumbnail));
    for (const version of this.#wanted) {
      const kept = this.#kept.get(version);
      if (kept === undefined) continue;
      this.#kept.delete(version);
      this.#kept.set(version, kept);
    }
    for (const [controller, versions] of this.#asked)
      if (this.#wanted.isDisjointFrom(versions)) {
        this.#asked.delete(controller);
        controller.abort();
      }
    this.#askOn = () => {
      const [urgent, others] = [this.#missing(now), this.#missing(soon)];
      const missing = urgent.length > 0 || others.length >= leastAhead ? [...urgent, ...others] : [];
      for (let from = 0; from < missing.length && this.#asked.size < mostAsked; from += bundleLength)
        void this.#load(missing.slice(from, from + bundleLength));
    };
    this.#askOn();
  }

  close(): void {
    this.#isClosed = true;
    for (const controller of this.#asked.keys()) controller.abort();
    for (const picture of this.#kept.values()) picture?.close();
    this.#kept.clear();
  }

  #missing(rows: readonly ImageRow[]): readonly ImageRow[] {
    const asked = [...this.#asked.values()];
    return rows.filter(
      ({ status, thumbnail }) =>
        status === 'ready' && !this.#kept.has(thumbnail) && !asked.some((versions) => versions.has(thumbnail)),
    );
  }

  async #load(rows: readonly ImageRow[]): Promise<void> {
    const controller = new AbortController();
    const versions = rows.map(({ thumbnail }) => thumbnail);
    this.#asked.set(controller, new Set(versions));
    const pictures = await this.#decoded(rows, versions, controller.signal);
    this.#asked.delete(controller);
    if (this.#isClosed || controller.signal.aborted) for (const picture of pictures) picture?.close();
    else {
      for (const [i, version] of versions.entries()) this.#keep(version, pictures[i] ?? null);
      this.#came += 1;
    }
    if (!this.#isClosed) this.#askOn();
  }

  async #decoded(
    rows: readonly ImageRow[],
    v: string[],
    signal: AbortSignal,
  ): Promise<readonly (DecodedPicture | null)[]> {
    const [params, image] = [{ project: this.#project }, rows.map(({ id }) => id)];
    try {
      const { bytes } = await engine.pictures.thumbnails({ params, query: { image, v, side: 64 }, signal });
      const decoded = picturesOfBundle(bytes).map((jpeg) => (jpeg === undefined ? null : decodePicture(jpeg)));
      return await Promise.all(decoded.map(async (picture) => (await picture?.catch(() => null)) ?? null));
    } catch {
      // The sharp pictures are asked for one by one then, and say what is wrong.
      return [];
    }
  }

  #keep(version: string, picture: DecodedPicture | null): void {
    this.#drop(version);
    this.#kept.set(version, picture);
    this.#bytes += picture?.bytes ?? 0;
    if (this.#bytes <= mostBytes) return;
    for (const oldest of [...this.#kept.keys()]) {
      if (this.#bytes <= mostBytes * keptShare) return;
      if (!this.#wanted.has(oldest)) this.#drop(oldest);
    }
  }

  #drop(version: string): void {
    const picture = this.#kept.get(version);
    this.#kept.delete(version);
    this.#bytes -= picture?.bytes ?? 0;
    picture?.close();
  }
}
