import { thumbnailSides } from '../../../core/contract/commands/pictures.ts';

/** The smallest thumbnail that fills a cell: up to a quarter larger it may be stretched, which nobody sees. */
export function sideFor(cell: number, pixelRatio: number): (typeof thumbnailSides)[number] {
  const needed = (cell - 8) * pixelRatio;
  return thumbnailSides.find((side) => side * 1.25 >= needed) ?? thumbnailSides[thumbnailSides.length - 1];
}
