import type { Random } from '../../../geometry/random.ts';
import type { Colour } from '../colour.ts';

/** Writes the colour (linear light) of a ground at a place given in pixels. */
export type Ground = (x: number, y: number, out: Colour) => void;

/** A kind of ground: drawn from chance, lit from the direction (lightX, lightY) in the ground's own frame. */
export type GroundKind = (random: Random, lightX: number, lightY: number) => Ground;

/** Writes a colour times a brightness. */
export function writeLit(out: Colour, colour: Colour, light: number): void {
  out.red = colour.red * light;
  out.green = colour.green * light;
  out.blue = colour.blue * light;
}
