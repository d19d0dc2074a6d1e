import { CongealError } from '../../contract/errors.ts';
import type { TransformerLayer } from '../../contract/network.ts';

/** Where a transformer looks before training; see `TransformerLayer`. */
export type StartingPlace = Exclude<TransformerLayer['start'], undefined>;

/** Everything. */
export const everything: StartingPlace = { x: 0, y: 0, scale: 1 };

const distance = 0.3;

/**
 * Starting places of transformers beside each other: evenly around the centre, the first one to the left. Those that begin
 * in one place learn the same and stay together.
 */
export function spreadPlaces(count: number): readonly StartingPlace[] {
  return Array.from({ length: count }, (_, k) => {
    const turn = (2 * Math.PI * k) / count;
    return { ...everything, x: -distance * Math.cos(turn), y: -distance * Math.sin(turn) };
  });
}

/** Refuses transformers beside each other that begin in one place. **Throws** CongealError `usage`. */
export function refuseSamePlaces(found: readonly { readonly name: string; readonly place: StartingPlace }[]): void {
  for (const [i, one] of found.entries())
    for (const other of found.slice(i + 1)) {
      const { x, y, scale } = other.place;
      if (one.place.x !== x || one.place.y !== y || one.place.scale !== scale) continue;
      throw new CongealError(
        'usage',
        `The transformers '${one.name}' and '${other.name}' stand beside each other and begin in one place (x ${x}, y ${y}, scale ${scale}), ` +
          'so they would learn the same. Give them different starts, or leave the starts out.',
      );
    }
}
