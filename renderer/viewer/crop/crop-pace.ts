import type { Matrix3 } from '../../../core/geometry/matrix.ts';

/** Milliseconds that a frame may take from the drawing of a crop on so that 60 of them fit into a second with the rest. */
const most = 12;

/** A pose that follows another one within so many milliseconds is one of a movement. */
const movement = 250;

/**
 * How finely a crop is drawn while it moves: where the last drawings of the full size were late, as they are without a
 * graphics card, at half of it, so that the crop keeps up with the hand. Whatever stands still has its full size.
 */
export class CropPace {
  #costs: readonly [number, number] = [0, 0];
  #shown: { readonly matrix: Matrix3; readonly at: number } | undefined;

  /** Share of the full size at which a pose is to be drawn at a moment, in milliseconds: 1 or a half. */
  share(matrix: Matrix3, now: number): number {
    const before = this.#shown;
    this.#shown = { matrix, at: now };
    const isMoving = before !== undefined && before.matrix !== matrix && now - before.at < movement;
    return isMoving && Math.min(...this.#costs) > most ? 0.5 : 1;
  }

  /** Takes in how many milliseconds a frame took that drew the full size; one that is late alone says nothing. */
  took(milliseconds: number): void {
    this.#costs = [this.#costs[1], milliseconds];
  }
}
