import type { Death } from './death.ts';

/** How much is held against an image, by its name; what reaches eight is not opened any more. */
export type Strikes = ReadonlyMap<string, { readonly weight: number; readonly reason: string }>;

const enough = 8;

/** Keeps apart the images over which workers die from those that happened to be in hand. */
export interface Suspects {
  /** A worker has died with these in hand. Gives those that are quarantined for it. */
  readonly blame: (inHand: readonly string[], death: Death) => readonly string[];
  /** These have been worked on and nothing happened. */
  readonly clear: (images: Iterable<string>) => void;
  readonly suspected: () => readonly string[];
  readonly quarantined: () => readonly (readonly [image: string, reason: string])[];
}

/**
 * @param known - what is held against images from earlier on
 * @param changed - is told of everything held against images whenever that changes
 */
export function createSuspects(
  known: Strikes = new Map(),
  changed: (strikes: Strikes) => void = () => undefined,
): Suspects {
  const strikes = new Map(known);
  const isOut = (image: string) => (strikes.get(image)?.weight ?? 0) >= enough;
  return {
    blame: (inHand, { reason, suspicion }) => {
      if (suspicion === 0 || inHand.length === 0) return [];
      const before = new Set(inHand.filter(isOut));
      for (const image of inHand) strikes.set(image, { weight: (strikes.get(image)?.weight ?? 0) + suspicion, reason });
      changed(new Map(strikes));
      return inHand.filter((image) => isOut(image) && !before.has(image));
    },
    clear: (images) => {
      let any = false;
      for (const image of images) if (!isOut(image) && strikes.delete(image)) any = true;
      if (any) changed(new Map(strikes));
    },
    suspected: () => [...strikes.keys()].filter((image) => !isOut(image)),
    quarantined: () =>
      [...strikes].flatMap(([image, { reason }]) =>
        isOut(image)
          ? [
              [
                image,
                `Worker processes died over this image, the last time because ${reason}; it is left out.`,
              ] as const,
            ]
          : [],
      ),
  };
}
