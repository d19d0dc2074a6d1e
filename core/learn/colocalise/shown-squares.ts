import type { WorkImage } from '../../features/work-image.ts';
import type { LearnEvent, PosesEvent } from '../event.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { translate } from '../translate.ts';
import type { WorkSquare } from './places.ts';
import type { WorkMaps } from './work-maps.ts';

/** The event that shows where the object is seen: squares in work pixels, one an image, worked out when asked. */
export function shownSquares(
  phase: string,
  images: readonly WorkImage[],
  { sizes }: Pick<WorkMaps, 'sizes'>,
  squares: () => readonly WorkSquare[] | Promise<readonly WorkSquare[]>,
): PosesEvent {
  return {
    kind: 'poses',
    phase,
    poses: async () =>
      (await squares()).map(({ x, y, half }, n) => {
        const { width, height } = sizes[n];
        const [scaleX, scaleY] = [2 / width, 2 / height];
        const toUnit = [half * scaleX, 0, x * scaleX - 1, 0, half * scaleY, y * scaleY - 1, 0, 0, 1] as const;
        return { id: images[n].id, toUnit };
      }),
  };
}

/** Shows what each saved state of a training sees, after it. */
export function withShown<Result>(
  events: AsyncGenerator<LearnEvent, Result>,
  show: (state: Checkpoint) => PosesEvent,
): AsyncGenerator<LearnEvent, Result> {
  return translate(events, (event): readonly LearnEvent[] =>
    event.kind === 'checkpoint' ? [event, show(event.state)] : [event],
  );
}
