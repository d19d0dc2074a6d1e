import type { Matrix3 } from '../../../core/geometry/matrix.ts';
import { unitToPixel } from '../../../core/geometry/frames.ts';
import type { Size } from '../../../core/geometry/units.ts';
import type { CanonicalToPixel } from '../../../core/geometry/warp-measure.ts';
import { addresses } from '../../api/addresses.ts';
import { loadBitmap } from '../load-bitmap.ts';
import type { HeldPart, Outside } from './crop-plan.ts';
import { isCovered, isExact, levelForStep, planCrop, stepOf, toPart, wantedPart } from './crop-plan.ts';
import type { CropRenderer, PartTexture } from './crop-renderer.ts';

/** Longest side of the copy of the whole original that is at hand whatever a handle does. */
const wholeSide = 1024;

/** An original that crops are made of. */
export interface CropOriginal extends Size {
  readonly project: string;
  readonly image: string;
  /** Version of its thumbnail. */
  readonly thumbnail: string;
}

/**
 * What is held of an original for drawing crops of it: at once its thumbnail, soon a copy of the whole, and after every
 * pause the very pixels that the core would sample.
 */
export class CropParts {
  readonly #original: CropOriginal;
  readonly #renderer: CropRenderer;
  readonly #onload: () => void;
  readonly #ending = new AbortController();
  #whole: PartTexture | undefined;
  #detail: PartTexture | undefined;
  #asking: AbortController | undefined;

  constructor(original: CropOriginal, renderer: CropRenderer, onload: () => void) {
    this.#original = original;
    this.#renderer = renderer;
    this.#onload = onload;
    void this.#loadWhole();
  }

  /** The part to draw a crop from and its level; undefined while nothing has come. */
  choose(matrix: Matrix3, crop: Size): { readonly part: PartTexture; readonly level: number } | undefined {
    const detail = this.#detail;
    if (detail !== undefined) {
      const map = toPart(matrix, detail, this.#original);
      const step = stepOf(map, crop);
      const wholeStep = this.#whole === undefined ? 0 : stepOf(toPart(matrix, this.#whole, this.#original), crop);
      if (isCovered(map, detail) && (step > 0.6 || step > wholeStep))
        return { part: detail, level: step <= 1.1 ? 0 : levelForStep(step, detail.levels) };
    }
    const whole = this.#whole;
    if (whole === undefined) return undefined;
    const step = stepOf(toPart(matrix, whole, this.#original), crop);
    return { part: whole, level: levelForStep(step, whole.levels) };
  }

  /** True where a crop drawn now has the pixels that the core's has. */
  isExact(map: CanonicalToPixel, crop: Size, outside: Outside): boolean {
    return this.#detail !== undefined && isExact(this.#detail, planCrop(map, this.#original, crop, outside));
  }

  /** Asks for the pixels that the core would sample; a request that is under way for others is given up. */
  async ask(map: CanonicalToPixel, crop: Size, outside: Outside): Promise<void> {
    const plan = planCrop(map, this.#original, crop, outside);
    if (this.#detail !== undefined && isExact(this.#detail, plan)) return;
    const wanted = wantedPart(plan, this.#original);
    this.#asking?.abort();
    if (wanted === undefined) return;
    const asking = new AbortController();
    this.#asking = asking;
    const { project, image } = this.#original;
    const { width, height } = wanted.area;
    const query = { matrix: [...wanted.matrix], width, height, outside: 'transparent' as const };
    await this.#take(addresses.warp(project, image, query), wanted, asking.signal, (part) => {
      if (this.#detail !== undefined) this.#renderer.release(this.#detail);
      this.#detail = part;
    });
  }

  close(): void {
    this.#ending.abort();
    this.#asking?.abort();
    for (const part of [this.#whole, this.#detail]) if (part !== undefined) this.#renderer.release(part);
    this.#whole = undefined;
    this.#detail = undefined;
  }

  async #loadWhole(): Promise<void> {
    const { project, image, thumbnail, width, height } = this.#original;
    const takeWhole = (part: PartTexture) => {
      if (this.#whole !== undefined) this.#renderer.release(this.#whole);
      this.#whole = part;
    };
    const small = addresses.thumbnail(project, image, { side: 256, v: thumbnail });
    await this.#take(small, undefined, this.#ending.signal, takeWhole);
    const share = Math.min(1, wholeSide / Math.max(width, height));
    const size = { width: Math.max(8, Math.round(width * share)), height: Math.max(8, Math.round(height * share)) };
    const matrix = [...unitToPixel(width, height)];
    const address = addresses.warp(project, image, { ...size, matrix, outside: 'transparent' });
    await this.#take(address, { whole: size, area: { left: 0, top: 0, ...size } }, this.#ending.signal, takeWhole);
  }

  async #take(
    address: string,
    part: HeldPart | undefined,
    signal: AbortSignal,
    keep: (part: PartTexture) => void,
  ): Promise<void> {
    try {
      const bitmap = await loadBitmap(address, signal);
      const size = { width: bitmap.width, height: bitmap.height };
      if (!this.#ending.signal.aborted && !signal.aborted)
        keep(this.#renderer.upload(bitmap, part ?? { whole: size, area: { left: 0, top: 0, ...size } }));
      bitmap.close();
      this.#onload();
    } catch (error) {
      // What is at hand stays; the viewer beside it says what is wrong with the file.
      if (!signal.aborted) console.debug(error);
    }
  }
}
