import type { UserCommand } from '../../state/commands.svelte.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';
import type { CollectionActions } from './collection-actions.svelte.ts';
import type { CollectionView } from './collection-view.svelte.ts';
import type { GridSelecting } from './grid-selecting.svelte.ts';

/** What the commands of the Collection act on. */
interface Around {
  readonly window: WindowState;
  readonly project: ProjectState;
  readonly view: CollectionView;
  readonly selecting: GridSelecting;
  readonly actions: CollectionActions;
}

/** What can be done by key on the Collection screen. */
export function collectionCommands({ window, project, view, selecting, actions }: Around): readonly UserCommand[] {
  const { selection } = project;
  const isWritable = () => !project.info.readOnly;
  const canEdit = () => isWritable() && selection.count > 0;
  const canDecide = () => canEdit() && project.run !== undefined;
  const command = (id: string, title: string, keys: readonly string[], run: () => void, when?: () => boolean) => ({
    ...{ id: `collection.${id}`, title, group: 'Collection', keys, run },
    ...(when === undefined ? {} : { when }),
  });
  const open = (screen: 'inspect' | 'annotate') => () => window.show(screen, selection.current ?? selection.images[0]);
  const hasCurrent = () => selection.current !== undefined || selection.images.length > 0;
  return [
    command('search', 'Search by name', ['$mod+f', '/'], () => document.getElementById('collection-search')?.focus()),
    command('select-all', 'Select all images', ['$mod+a'], () => selecting.all()),
    command(
      'select-none',
      'Select none',
      ['Escape'],
      () => selection.clear(),
      () => selection.count > 0,
    ),
    command('inspect', 'Inspect the image', ['i'], open('inspect'), hasCurrent),
    command('annotate', 'Annotate the image', ['n'], open('annotate'), hasCurrent),
    command(
      'accept',
      'Accept the results of the selected images',
      ['a'],
      () => void actions.decide('accept'),
      canDecide,
    ),
    command(
      'reject',
      'Reject the results of the selected images',
      ['r'],
      () => void actions.decide('reject'),
      canDecide,
    ),
    command('reset', 'Take decisions back', ['u'], () => void actions.decide('reset'), canDecide),
    command(
      'remove',
      'Take the selected images out of the project',
      ['Delete', '$mod+Backspace'],
      () => void actions.remove(),
      canEdit,
    ),
    command(
      'pose',
      'Show originals or aligned images',
      ['o'],
      () => (view.pose = view.pose === 'original' ? 'aligned' : 'original'),
      () => project.run !== undefined,
    ),
    command('larger', 'Larger thumbnails', ['+', 'Shift++'], () => view.resize(1)),
    command('smaller', 'Smaller thumbnails', ['-'], () => view.resize(-1)),
    command('add', 'Add a folder of images', [], () => void actions.addFolder(), isWritable),
    command('scan', 'Look through the folders again', ['Shift+F5'], () => void actions.scanAgain(), isWritable),
    command('relink', 'Find moved originals', [], () => void actions.relink(), isWritable),
    command('groups', 'Duplicates and bursts', ['g'], () => (actions.areGroupsShown = true)),
  ];
}
