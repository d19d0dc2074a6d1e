import { unitToPixel } from '../../../core/geometry/frames.ts';
import type { Size } from '../../../core/geometry/units.ts';
import type { CropSource } from '../../../core/geometry/warp-source.ts';
import { addresses } from '../../api/addresses.ts';
import { loadBitmap } from '../load-bitmap.ts';
import type { HeldPart, WantedPart } from './crop-plan.ts';
import { isCovered, isExact, levelForStep, planCrop, stepOf, toWhole, wantedPart } from './crop-plan.ts';
import { isSamePose, mapOf, type CropPose } from './crop-pose.ts';
import type { CropDrawing, CropRenderer, PartTexture } from './crop-renderer.ts';

/** Longest side of the copy of the whole original that is at hand whatever a handle does. */
const wholeSide = 1024;

/** An original that crops are made of. */
export interface CropOriginal extends Size {
  readonly project: string;
  readonly image: string;
  /** Version of its thumbnail. */
  readonly thumbnail: string;
}

/** What a crop is drawn from. */
interface ChosenPart extends Pick<CropDrawing, 'part' | 'level' | 'toWhole'> {
  /** True where the crop that is drawn from it has the pixels that the core's has. */
  readonly isExact: boolean;
}

/** A part whose pixels are the core's own: not a thumbnail, which is JPEG. */
interface TruePart extends PartTexture {
  readonly isTrue: boolean;
}

/** A part that has been asked for and has not come. */
interface AskedPart {
  readonly part: WantedPart;
  readonly ending: AbortController;
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
  #whole: TruePart | undefined;
  #detail: TruePart | undefined;
  #asked: AskedPart | undefined;
  /** The pose that lasts, and what the core samples for it. */
  #settled: { readonly pose: CropPose; readonly plan: CropSource } | undefined;

  constructor(original: CropOriginal, renderer: CropRenderer, onload: () => void) {
    this.#original = original;
    this.#renderer = renderer;
    this.#onload = onload;
    void this.#loadWhole();
  }

  /**
   * What to draw a crop from: the very pixels that the core samples where the pose is settled and they are at hand, else
   * whatever comes near; undefined while nothing has come.
   */
  choose(pose: CropPose): ChosenPart | undefined {
    const exact = this.#exact(pose);
    if (exact !== undefined) return this.#chosen(exact, 0, pose, true);
    const { size } = pose;
    const mapTo = (part: PartTexture) => toWhole(pose.matrix, part, this.#original);
    const [whole, detail] = [this.#whole, this.#detail];
    const wholeStep = whole === undefined ? 0 : stepOf(mapTo(whole), size);
    if (detail !== undefined && isCovered(mapTo(detail), detail)) {
      const step = stepOf(mapTo(detail), size);
      if (step > 0.6 || step > wholeStep)
        return this.#chosen(detail, step <= 1.1 ? 0 : levelForStep(step, detail.levels), pose, false);
    }
    return whole === undefined ? undefined : this.#chosen(whole, levelForStep(wholeStep, whole.levels), pose, false);
  }

  /**
   * Says that a pose will last, and has the pixels brought that the core would sample for it; a request that is under way
   * for others is given up. Working out which they are takes longer than a frame has: not for poses of a drag.
   */
  settle(pose: CropPose): void {
    const isNew = this.#settled === undefined || !isSamePose(this.#settled.pose, pose);
    if (isNew) this.#settled = { pose, plan: planCrop(mapOf(pose), this.#original, pose.size, pose.outside) };
    if (this.#exact(pose) === undefined) void this.#ask();
    else if (isNew) this.#onload();
  }

  close(): void {
    this.#ending.abort();
    this.#asked?.ending.abort();
    for (const part of [this.#whole, this.#detail]) if (part !== undefined) this.#renderer.release(part);
    this.#whole = undefined;
    this.#detail = undefined;
  }

  /** What is at hand of the pixels that the core samples for a settled pose. */
  #exact(pose: CropPose): PartTexture | undefined {
    const settled = this.#settled;
    if (settled === undefined || !isSamePose(settled.pose, pose)) return undefined;
    return [this.#whole, this.#detail].find((part) => part?.isTrue === true && isExact(part, settled.plan));
  }

  #chosen(part: PartTexture, level: number, { matrix }: CropPose, isExact: boolean): ChosenPart {
    return { part, level, toWhole: toWhole(matrix, part, this.#original), isExact };
  }

  async #ask(): Promise<void> {
    if (this.#settled === undefined) return;
    const { plan } = this.#settled;
    if (this.#asked !== undefined && isExact(this.#asked.part, plan)) return;
    this.#asked?.ending.abort();
    const part = wantedPart(plan, this.#original);
    const asked = part === undefined ? undefined : { part, ending: new AbortController() };
    this.#asked = asked;
    if (asked === undefined) return;
    const { project, image } = this.#original;
    const { matrix, area } = asked.part;
    const query = { matrix: [...matrix], width: area.width, height: area.height, outside: 'transparent' as const };
    await this.#take(addresses.warp(project, image, query), asked.part, asked.ending.signal, (taken) => {
      if (this.#detail !== undefined) this.#renderer.release(this.#detail);
      this.#detail = taken;
    });
    this.#forget(asked);
  }

  #forget(asked: AskedPart): void {
    if (this.#asked === asked) this.#asked = undefined;
  }

  async #loadWhole(): Promise<void> {
    const { project, image, thumbnail, width, height } = this.#original;
    const takeWhole = (part: TruePart) => {
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
    keep: (part: TruePart) => void,
  ): Promise<void> {
    try {
      const bitmap = await loadBitmap(address, signal);
      const size = { width: bitmap.width, height: bitmap.height };
      if (!this.#ending.signal.aborted && !signal.aborted) {
        const held = part ?? { whole: size, area: { left: 0, top: 0, ...size } };
        keep({ ...this.#renderer.upload(bitmap, held), isTrue: part !== undefined });
      }
      bitmap.close();
      this.#onload();
    } catch (error) {
      // What is at hand stays; the viewer beside it says what is wrong with the file.
      if (!signal.aborted) console.debug(error);
    }
  }
}
