import type { UserCommand } from '../../state/commands.svelte.ts';
import type { AnnotateState } from './annotate-state.svelte.ts';
import { shapeTools } from './shapes/registry.ts';

const arrows = [
  ['left', 'ArrowLeft', -1, 0],
  ['right', 'ArrowRight', 1, 0],
  ['up', 'ArrowUp', 0, -1],
  ['down', 'ArrowDown', 0, 1],
] as const;

/** What can be done by key while annotating. `go` shows the image so many places further. */
export function annotateCommands(annotate: AnnotateState, go: (step: number) => void): UserCommand[] {
  const of = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    when: () => boolean = () => true,
  ): UserCommand => ({ id: `annotate.${id}`, title, group: 'Annotate', keys, run, when });
  const hasChoice = () => annotate.choice !== undefined && annotate.canEdit;
  return [
    of('next', 'Next image', ['n', 'j'], () => go(1)),
    of('previous', 'Previous image', ['Shift+n', 'k'], () => go(-1)),
    of('choose', 'Choose and move', ['v'], () => annotate.chooseTool(undefined)),
    ...shapeTools.map(({ kind, title, key }) => of(kind, `Draw: ${title}`, [key], () => annotate.chooseTool(kind))),
    of(
      'enter',
      'Close the polygon, or draw in the middle',
      ['Enter'],
      () => annotate.enter(),
      () => annotate.tool !== undefined,
    ),
    of('escape', 'Give up, let go', ['Escape'], () => annotate.escape()),
    of('remove', 'Remove', ['Delete', 'Backspace'], () => void annotate.remove(), hasChoice),
    of(
      'confirm',
      'Confirm what was carried here',
      ['c'],
      () => void annotate.confirm(annotate.carried.map(({ id }) => id)),
      () => annotate.carried.length > 0,
    ),
    ...arrows.flatMap(([name, key, x, y]) => [
      of(`nudge-${name}`, `Move ${name} by a pixel`, [key], () => void annotate.nudge(x, y), hasChoice),
      of(
        `push-${name}`,
        `Move ${name} by ten pixels`,
        [`Shift+${key}`],
        () => void annotate.nudge(10 * x, 10 * y),
        hasChoice,
      ),
    ]),
    of('zoom-in', 'Zoom in', ['+', '='], () => annotate.look.step(1.5)),
    of('zoom-out', 'Zoom out', ['-'], () => annotate.look.step(1 / 1.5)),
    of('zoom-fit', 'Show all of the picture', ['0'], () => annotate.look.fit()),
    of('zoom-actual', 'Show it pixel for pixel', ['1'], () => annotate.look.actualSize()),
  ];
}
