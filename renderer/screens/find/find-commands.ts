import type { UserCommand } from '../../state/commands.svelte.ts';
import type { Box } from '../../../core/geometry/boxes.ts';
import type { FindState } from './find-state.svelte.ts';
import type { BoxHold } from './move-box.ts';
import { middleBox, moveBox } from './move-box.ts';

/** The keys of the screen Find; `columns` tells how many images stand beside each other. */
export function findCommands(state: FindState, columns: () => number): readonly UserCommand[] {
  const group = 'Find';
  const has = () => state.run?.status === 'done' && state.current !== undefined;
  const isMoving = () => has() && state.moving !== undefined;
  const going = (id: string, title: string, key: string, steps: () => number): UserCommand => ({
    ...{ id: `find.${id}`, title, group, keys: [key], when: () => has() && !isMoving() },
    run: () => state.go(steps()),
  });
  const shift = (key: string, title: string, hold: BoxHold, direction: readonly [number, number]): UserCommand => ({
    ...{
      id: `find.${hold === 'all' ? 'move' : 'size'}-${title}`,
      title: `${hold === 'all' ? 'Move' : 'Size'}: ${title}`,
    },
    ...{ group: 'Find, while a box is moved', keys: [key], when: isMoving },
    run: () => step(state, hold, direction),
  });
  return [
    going('next', 'Next image', 'ArrowRight', () => 1),
    going('previous', 'Previous image', 'ArrowLeft', () => -1),
    going('down', 'Image below', 'ArrowDown', columns),
    going('up', 'Image above', 'ArrowUp', () => -columns()),
    { id: 'find.first', title: 'First image', group, keys: ['Home'], when: has, run: () => state.go(-Infinity) },
    {
      id: 'find.accept',
      title: 'Accept the box',
      group,
      keys: ['a'],
      when: has,
      run: () => void state.decide('accept'),
    },
    {
      id: 'find.reject',
      title: 'Reject the box',
      group,
      keys: ['x', 'r'],
      when: has,
      run: () => void state.decide('reject'),
    },
    {
      ...{ id: 'find.reset', title: 'Back to what was found', group, keys: ['Backspace'], when: has },
      run: () => void state.decide('reset'),
    },
    {
      id: 'find.move',
      title: 'Move the box with the arrow keys',
      group,
      keys: ['m'],
      when: has,
      run: () => begin(state),
    },
    {
      ...{ id: 'find.keep', title: 'Keep the moved box', group, keys: ['Enter'], when: isMoving },
      run: () => {
        if (state.moving !== undefined) void state.keep(state.moving);
      },
    },
    {
      ...{ id: 'find.giveUp', title: 'Leave the box as it was', group, keys: ['Escape'], when: isMoving },
      run: () => (state.moving = undefined),
    },
    shift('ArrowLeft', 'left', 'all', [-1, 0]),
    shift('ArrowRight', 'right', 'all', [1, 0]),
    shift('ArrowUp', 'up', 'all', [0, -1]),
    shift('ArrowDown', 'down', 'all', [0, 1]),
    shift('Shift+ArrowLeft', 'narrower', 'se', [-1, 0]),
    shift('Shift+ArrowRight', 'wider', 'se', [1, 0]),
    shift('Shift+ArrowUp', 'lower', 'se', [0, -1]),
    shift('Shift+ArrowDown', 'higher', 'se', [0, 1]),
  ];
}

/** Starts to move the box of the image that is shown, or one in its middle where none was found. */
function begin(state: FindState): void {
  const size = sizeOf(state);
  if (size !== undefined) state.moving = state.current?.box ?? middleBox(size);
}

/** Moves by a hundredth of the image's longer side. */
function step(state: FindState, hold: BoxHold, [x, y]: readonly [number, number]): void {
  const size = sizeOf(state);
  const box: Box | undefined = state.moving;
  if (size === undefined || box === undefined) return;
  const by = Math.max(1, Math.max(size.width, size.height) / 100);
  state.moving = moveBox(box, hold, [x * by, y * by], size);
}

function sizeOf({ current }: FindState): { readonly width: number; readonly height: number } | undefined {
  const { width, height } = current ?? { width: null, height: null };
  return width === null || height === null ? undefined : { width, height };
}
