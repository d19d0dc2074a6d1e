import type { GridLayout } from './grid-layout.ts';
import { cellAt, cellsTouching } from './grid-layout.ts';
import type { GridSelecting } from './grid-selecting.svelte.ts';

/** A hand is not still: below so many pixels a press is a click. */
const leastPixels = 4;
/** How near to an edge the content begins to move, and how far in one frame. */
const edge = 24;
const edgeStep = 16;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a rubber band needs of the grid. */
export interface BandSurroundings {
  /** The element that scrolls. */
  readonly scroller: () => HTMLElement;
  readonly layout: () => GridLayout;
  readonly selecting: GridSelecting;
  /** What is selected when a band begins. */
  readonly selected: () => readonly string[];
}

/** Clicks and rubber bands of a mouse or a pen on the grid; fingers scroll. */
export class RubberBand {
  /** In pixels of the content while it is drawn. */
  rectangle = $state.raw<{ left: number; top: number; right: number; bottom: number } | undefined>(undefined);
  readonly #around: BandSurroundings;
  #from: Point | undefined;
  #pointer: Point = { x: 0, y: 0 };
  #before: readonly string[] = [];

  constructor(around: BandSurroundings) {
    this.#around = around;
  }

  down(event: PointerEvent): void {
    const scroller = this.#around.scroller();
    // The scroll bar belongs to the browser.
    if (event.button !== 0 || event.pointerType === 'touch' || event.offsetX > scroller.clientWidth) return;
    this.#pointer = { x: event.clientX, y: event.clientY };
    this.#from = this.#inContent();
    this.#before = event.ctrlKey || event.metaKey || event.shiftKey ? this.#around.selected() : [];
  }

  move(event: PointerEvent): void {
    if (this.#from === undefined) return;
    this.#pointer = { x: event.clientX, y: event.clientY };
    const { x, y } = this.#inContent();
    const far = Math.max(Math.abs(x - this.#from.x), Math.abs(y - this.#from.y));
    if (this.rectangle === undefined) {
      if (far < leastPixels) return;
      this.#around.scroller().setPointerCapture(event.pointerId);
      requestAnimationFrame(() => this.#scrollOn());
    }
    this.#draw();
  }

  up(event: PointerEvent): void {
    if (this.#from === undefined) return;
    if (this.rectangle === undefined) {
      const { x, y } = this.#inContent();
      const cell = cellAt(this.#around.layout(), x, y);
      if (cell !== undefined) this.#around.selecting.click(cell, event);
      else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.#around.selecting.band([], []);
    }
    this.cancel();
  }

  cancel(): void {
    this.#from = undefined;
    this.rectangle = undefined;
  }

  #draw(): void {
    if (this.#from === undefined) return;
    const { x, y } = this.#inContent();
    const { x: fromX, y: fromY } = this.#from;
    this.rectangle = {
      left: Math.min(x, fromX),
      top: Math.min(y, fromY),
      right: Math.max(x, fromX),
      bottom: Math.max(y, fromY),
    };
    this.#around.selecting.band(cellsTouching(this.#around.layout(), this.rectangle), this.#before);
  }

  /** Moves the content while the pointer is at an edge. */
  #scrollOn(): void {
    if (this.rectangle === undefined) return;
    const scroller = this.#around.scroller();
    const { top, bottom } = scroller.getBoundingClientRect();
    if (this.#pointer.y < top + edge) scroller.scrollTop -= edgeStep;
    else if (this.#pointer.y > bottom - edge) scroller.scrollTop += edgeStep;
    this.#draw();
    requestAnimationFrame(() => this.#scrollOn());
  }

  #inContent(): Point {
    const scroller = this.#around.scroller();
    const { left, top } = scroller.getBoundingClientRect();
    return { x: this.#pointer.x - left + scroller.scrollLeft, y: this.#pointer.y - top + scroller.scrollTop };
  }
}
