import type { UserCommand } from '../state/commands.svelte.ts';
import type { ProjectScreen } from '../state/route.ts';
import { projectScreens } from '../state/route.ts';
import type { WindowState } from '../state/window.svelte.ts';

const screenNames: Readonly<Record<ProjectScreen, string>> = {
  collection: 'Collection',
  find: 'Find',
  align: 'Align',
  inspect: 'Inspect',
  annotate: 'Annotate',
  scores: 'Scores',
  export: 'Export',
};

/** What can be done everywhere: menus of the desktop name the same ids. */
export function programCommands(window: WindowState, showHelp: () => void): readonly UserCommand[] {
  const hasProject = () => window.project !== undefined;
  const isWritable = () => window.project?.info.readOnly === false;
  const go = projectScreens.map((screen, i): UserCommand => ({
    id: `go.${screen}`,
    title: screenNames[screen],
    group: 'Go to',
    keys: [`Alt+Digit${i + 1}`, ...(screen === 'export' ? ['$mod+e'] : [])],
    when: hasProject,
    run: () => window.show(screen),
  }));
  const project = () => window.project?.id;
  return [
    ...go,
    {
      id: 'go.start',
      title: 'All projects',
      group: 'Go to',
      keys: ['Alt+Digit0'],
      run: () => window.go({ screen: 'start' }),
    },
    {
      id: 'go.models',
      title: 'Models',
      group: 'Go to',
      keys: ['Alt+Digit8'],
      run: () => window.go({ screen: 'models', project: project() }),
    },
    {
      id: 'go.learn',
      title: 'Learn from labels',
      group: 'Go to',
      keys: ['Alt+KeyL'],
      when: hasProject,
      run: () => window.go({ screen: 'models', project: project(), part: 'learn' }),
    },
    {
      id: 'app.settings',
      title: 'Settings',
      group: 'Go to',
      keys: ['Alt+Digit9', '$mod+,'],
      run: () => window.go({ screen: 'settings', project: project() }),
    },
    {
      id: 'edit.undo',
      title: 'Undo',
      group: 'Edit',
      keys: ['$mod+z'],
      when: isWritable,
      run: () => void window.undo(),
    },
    {
      id: 'edit.redo',
      title: 'Redo',
      group: 'Edit',
      keys: ['$mod+Shift+z', '$mod+y'],
      when: isWritable,
      run: () => void window.redo(),
    },
    {
      id: 'project.new',
      title: 'New project from a folder of images',
      group: 'Project',
      keys: ['$mod+n'],
      run: () => void window.opening.createFromFolder(''),
    },
    {
      id: 'project.open',
      title: 'Open a project',
      group: 'Project',
      keys: ['$mod+o'],
      run: () => void window.opening.openFile(),
    },
    {
      id: 'project.close',
      title: 'Close the project',
      group: 'Project',
      keys: ['$mod+Shift+w'],
      when: hasProject,
      run: () => void window.closeProject(),
    },
    { id: 'app.help', title: 'Commands and keys', group: 'Help', keys: ['Shift+?', 'F1', '$mod+k'], run: showHelp },
  ];
}
