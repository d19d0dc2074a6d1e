import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const side = z.number().int().min(-100_000).max(100_000);

const schema = z.strictObject({
  x: side.optional(),
  y: side.optional(),
  width: side,
  height: side,
  isMaximised: z.boolean(),
  isFullScreen: z.boolean(),
});

/** Where the window stood, in the system's own pixels; without a place the system chooses one. */
export type WindowPlace = z.infer<typeof schema>;

/** A rectangle of the screen, as the system gives it. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Below this the window's parts no longer fit. */
export const smallest = { width: 800, height: 560 } as const;

const first: WindowPlace = { width: 1440, height: 900, isMaximised: false, isFullScreen: false };

/** So much of the window must be seen that a person can take hold of it. */
const handle = 100;

/** Reads where the window stood; a file that is not there or not sane gives the place of a first start. */
export function readWindowPlace(file: string): WindowPlace {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return first;
  }
}

/** Writes where the window stands. A disk that is full costs the place, not the program. */
export function writeWindowPlace(file: string, place: WindowPlace): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(place)}\n`);
    renameSync(`${file}.new`, file);
  } catch {
    /* The window opens where it opens. */
  }
}

/** The place made fit for the screens that there are now: no larger than one of them, and within reach. */
export function fitToScreens(place: WindowPlace, screens: readonly Rectangle[]): WindowPlace {
  const { x, y } = place;
  const seen =
    x === undefined || y === undefined
      ? undefined
      : screens.find(
          (screen) =>
            x + place.width >= screen.x + handle &&
            x <= screen.x + screen.width - handle &&
            y >= screen.y &&
            y <= screen.y + screen.height - handle,
        );
  const on = seen ?? (screens.length > 0 ? screens[0] : undefined);
  const within = (length: number, least: number, most: number) => Math.max(least, Math.min(length, most));
  const size = {
    width: within(place.width, smallest.width, on?.width ?? place.width),
    height: within(place.height, smallest.height, on?.height ?? place.height),
  };
  const { isMaximised, isFullScreen } = place;
  return seen === undefined || x === undefined || y === undefined
    ? { ...size, isMaximised, isFullScreen }
    : { x, y, ...size, isMaximised, isFullScreen };
}
