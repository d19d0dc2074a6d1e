import type { UserCommand } from '../../state/commands.svelte.ts';
import type { Compare } from './compare.svelte.ts';
import type { InspectState } from './inspect-state.svelte.ts';

/** What can be done by key while an image is inspected. */
export function inspectCommands(inspect: InspectState, compare: Compare, toggleGrid: () => void): UserCommand[] {
  const of = (id: string, title: string, keys: readonly string[], run: () => void): UserCommand => ({
    ...{ id: `inspect.${id}`, title, group: 'Inspect', keys, run },
    when: () => inspect.transform !== undefined,
  });
  return [
    of('next', 'Next image', ['j', 'ArrowRight'], () => inspect.go(1)),
    of('previous', 'Previous image', ['k', 'ArrowLeft'], () => inspect.go(-1)),
    of('accept', 'Accept, and on to the next', ['a'], () => void inspect.decide('accept')),
    of('reject', 'Reject, and on to the next', ['x'], () => void inspect.decide('reject')),
    of('reset', 'Back to what the run found', ['r'], () => void inspect.decide('reset')),
    of('mirror', 'Mirror', ['m'], () => void inspect.mirror()),
    of('flip', 'Flip between the crop and what it is compared with', ['b'], () => {
      if (compare.mode === 'none') compare.mode = 'blink';
      compare.isFlipped = !compare.isFlipped;
    }),
    of('grid', 'Show or hide the sampling grid', ['g'], toggleGrid),
    of('pin', 'Set a pin by the next click', ['p'], () => (inspect.isPinning = !inspect.isPinning)),
    of('zoom-in', 'Zoom in', ['+', '='], () => inspect.look.step(1.5)),
    of('zoom-out', 'Zoom out', ['-'], () => inspect.look.step(1 / 1.5)),
    of('zoom-fit', 'Show all of the original', ['0'], () => inspect.look.fit()),
    of('zoom-actual', 'Show the original pixel for pixel', ['1'], () => inspect.look.actualSize()),
  ];
}
