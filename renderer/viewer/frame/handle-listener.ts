import type { FrameDrag } from './handles.ts';

/** A drag of a handle; steps come from the keyboard, one after the other, each from where the handle is. */
export interface HandleDrag extends FrameDrag {
  readonly isStep?: boolean;
}

/** What becomes of a handle's drag: it begins, moves any number of times, and ends or is given up. */
export interface HandleListener {
  readonly begin: () => void;
  readonly move: (drag: HandleDrag) => void;
  readonly end: () => void;
  readonly cancel: () => void;
}
