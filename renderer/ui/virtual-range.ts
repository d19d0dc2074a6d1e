/** How equal cells are laid out in a scrolling area, all in CSS pixels. */
export interface CellLayout {
  /** Width and height of the area that is seen. */
  readonly width: number;
  readonly height: number;
  /** Least width of a cell; cells share what is left over. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly gap: number;
}

/** How many cells stand beside each other; at least one. */
export function columnsOf({ width, cellWidth, gap }: Omit<CellLayout, 'height' | 'cellHeight'>): number {
  return Math.max(1, Math.floor((width + gap) / (cellWidth + gap)));
}

/** Height of all cells together. */
export function heightOf(count: number, columns: number, { cellHeight, gap }: CellLayout): number {
  const rows = Math.ceil(count / columns);
  return Math.max(0, rows * (cellHeight + gap) - gap);
}

/** The cells that are seen at a scroll position, with two rows more on either side: from `first`, up to before `end`. */
export function rangeAt(
  top: number,
  count: number,
  columns: number,
  { height, cellHeight, gap }: CellLayout,
): { readonly first: number; readonly end: number } {
  const step = cellHeight + gap;
  const firstRow = Math.max(0, Math.floor(top / step) - 2);
  const endRow = Math.ceil((top + height) / step) + 2;
  return { first: Math.min(count, firstRow * columns), end: Math.min(count, Math.max(0, endRow) * columns) };
}

/** The scroll position that brings a cell into view, or the present one where it is seen. */
export function scrollTo(index: number, top: number, columns: number, { height, cellHeight, gap }: CellLayout): number {
  const at = Math.floor(index / columns) * (cellHeight + gap);
  if (at < top) return at;
  return at + cellHeight > top + height ? at + cellHeight - height + gap : top;
}
