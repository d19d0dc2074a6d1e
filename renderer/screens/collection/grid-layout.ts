/** How cells of one size lie in a scrolled column. All measures in CSS pixels of the content. */
export interface GridLayout {
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly gap: number;
  readonly padding: number;
  readonly total: number;
}

/** Room under each picture for its name. */
const captionHeight = 22;

/** As many columns as fit; cells share what is left over. `cell` is the smallest width of a cell. */
export function layOut(width: number, cell: number, total: number): GridLayout {
  const [gap, padding] = [8, 12];
  const room = Math.max(cell, width - 2 * padding);
  const columns = Math.max(1, Math.floor((room + gap) / (cell + gap)));
  const cellWidth = Math.floor((room + gap) / columns - gap);
  return { columns, cellWidth, cellHeight: cellWidth + captionHeight, gap, padding, total };
}

/** Height of everything. */
export function contentHeight({ columns, cellHeight, gap, padding, total }: GridLayout): number {
  const rows = Math.ceil(total / columns);
  return rows === 0 ? 0 : 2 * padding + rows * (cellHeight + gap) - gap;
}

/** The upper left corner of a cell. */
export function placeOf({ columns, cellWidth, cellHeight, gap, padding }: GridLayout, index: number) {
  return {
    x: padding + (index % columns) * (cellWidth + gap),
    y: padding + Math.floor(index / columns) * (cellHeight + gap),
  };
}

/** The cells that a window of the content shows, and some rows more on both sides: [from, to). */
export function cellsIn(layout: GridLayout, top: number, height: number, moreRows = 0): { from: number; to: number } {
  const { columns, cellHeight, gap, padding, total } = layout;
  const step = cellHeight + gap;
  const first = Math.floor((top - padding) / step) - moreRows;
  const last = Math.floor((top + height - padding) / step) + moreRows;
  const from = Math.min(total, Math.max(0, first) * columns);
  return { from, to: Math.max(from, Math.min(total, (last + 1) * columns)) };
}

/**
 * Which cell each of some elements shows, so that scrolling on gives the elements that went out of sight to the cells that
 * come into it and leaves all others as they are. Undefined: none.
 *
 * @param from - the first cell that is shown, the first of its row
 * @param rows - how many rows are shown
 */
export function cellsOfElements({ columns, total }: GridLayout, from: number, rows: number): (number | undefined)[] {
  const elements = rows * columns;
  return Array.from({ length: Math.min(elements, total) }, (_, element) => {
    const index = from + ((element + elements - (from % elements)) % elements);
    return index < total ? index : undefined;
  });
}

/** The cell at a point; undefined between cells and beyond them. */
export function cellAt(layout: GridLayout, x: number, y: number): number | undefined {
  const hit = cellsTouching(layout, { left: x, top: y, right: x, bottom: y });
  return hit.at(0);
}

/** The cells that a rectangle touches, in order. */
export function cellsTouching(
  layout: GridLayout,
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
): readonly number[] {
  const { columns, cellWidth, cellHeight, gap, padding, total } = layout;
  const firstAfter = (edge: number, size: number) =>
    Math.max(0, Math.floor((edge - padding - size) / (size + gap)) + 1);
  const lastBefore = (edge: number, size: number) => Math.floor((edge - padding) / (size + gap));
  const [fromColumn, toColumn] = [firstAfter(left, cellWidth), Math.min(columns - 1, lastBefore(right, cellWidth))];
  const [fromRow, toRow] = [firstAfter(top, cellHeight), lastBefore(bottom, cellHeight)];
  const cells: number[] = [];
  for (let row = fromRow; row <= toRow; row++)
    for (let column = fromColumn; column <= toColumn; column++) {
      const index = row * columns + column;
      if (index < total) cells.push(index);
    }
  return cells;
}

/** Where to scroll so that a cell is wholly in a window of the content; where one is, when it is already. */
export function scrollTo(layout: GridLayout, index: number, top: number, height: number): number {
  const { y } = placeOf(layout, index);
  const { padding, cellHeight } = layout;
  if (y - padding < top) return Math.max(0, y - padding);
  return Math.max(top, y + cellHeight + padding - height);
}

/** Where a key leads from a cell, as in a file manager; undefined for other keys. */
export function keyLeadsTo(layout: GridLayout, index: number, key: string, height: number): number | undefined {
  const { columns, cellHeight, gap, total } = layout;
  const page = Math.max(1, Math.floor(height / (cellHeight + gap))) * columns;
  const column = index % columns;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns < 0 ? index : index - columns,
    // Into a last row that is not full: to its end.
    ArrowDown: Math.floor(index / columns) === Math.floor((total - 1) / columns) ? index : index + columns,
    PageUp: index - page < 0 ? column : index - page,
    PageDown: index + page,
    Home: 0,
    End: total - 1,
  };
  return Object.hasOwn(steps, key) && total > 0 ? Math.max(0, Math.min(total - 1, steps[key])) : undefined;
}
