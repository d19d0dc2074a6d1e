import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopCommand } from '../core/contract/desktop.ts';

type Item = MenuItemConstructorOptions;

/** A project of the recent list, as the menu shows it. */
export interface RecentItem {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  readonly missing: boolean;
}

/** What the menu is made of, and what it can do. */
export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly hasDeveloperTools: boolean;
  readonly recent: readonly RecentItem[];
  readonly tell: (command: DesktopCommand) => void;
  readonly openProject: () => void;
  readonly addImages: () => void;
  readonly forgetRecent: () => void;
  readonly showLog: () => void;
  readonly follow: (address: string) => void;
}

/** So many projects are named in the menu. */
const mostRecent = 10;

/** Screens in the order of the rail, with the ids of the commands that show them. */
const screens = ['Collection', 'Find', 'Align', 'Inspect', 'Annotate', 'Scores', 'Export'] as const;

/** The menu bar: native roles where there is one, commands of the page for what the program itself does. */
export function menuTemplate(options: MenuOptions): Item[] {
  const isMac = options.platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileItems(options, isMac) },
    { label: '&Edit', submenu: editItems(options) },
    { label: '&View', submenu: viewItems(options) },
    { role: 'windowMenu' },
    { role: 'help', label: '&Help', submenu: helpItems(options, isMac) },
  ];
}

function fileItems(options: MenuOptions, isMac: boolean): Item[] {
  return [
    pageItem(options, 'project.new', '&New Project…', 'CmdOrCtrl+N'),
    { label: '&Open Project…', accelerator: 'CmdOrCtrl+O', click: options.openProject },
    { label: 'Open &Recent', id: 'recent', submenu: recentItems(options) },
    { type: 'separator' },
    { label: 'Add &Images…', accelerator: 'CmdOrCtrl+Shift+O', click: options.addImages },
    pageItem(options, 'go.export', '&Export…', 'CmdOrCtrl+E'),
    { type: 'separator' },
    pageItem(options, 'project.close', '&Close Project', 'CmdOrCtrl+Shift+W'),
    isMac ? { role: 'close' } : { role: 'quit' },
  ];
}

function recentItems({ recent, tell, forgetRecent }: MenuOptions): Item[] {
  if (recent.length === 0) return [{ label: 'No recent projects', enabled: false }];
  return [
    ...recent.slice(0, mostRecent).map(({ id, name, place, missing }) => ({
      // An ampersand would underline what follows it.
      label: name.replaceAll('&', '&&'),
      sublabel: place,
      enabled: !missing,
      click: () => tell({ kind: 'open-recent', recent: id }),
    })),
    { type: 'separator' },
    { label: 'Clear Recent Projects', click: forgetRecent },
  ];
}

function editItems(options: MenuOptions): Item[] {
  return [
    pageItem(options, 'edit.undo', '&Undo', 'CmdOrCtrl+Z'),
    pageItem(options, 'edit.redo', '&Redo', options.platform === 'win32' ? 'CmdOrCtrl+Y' : 'CmdOrCtrl+Shift+Z'),
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'delete' },
    { role: 'selectAll' },
    { type: 'separator' },
    pageItem(options, 'app.settings', '&Settings…', 'CmdOrCtrl+,'),
  ];
}

function viewItems(options: MenuOptions): Item[] {
  return [
    ...screens.map((name) => pageItem(options, `go.${name.toLowerCase()}`, name)),
    pageItem(options, 'go.models', 'Models'),
    { type: 'separator' },
    pageItem(options, 'view.inspector', 'Fold the &Panel Away'),
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(options.hasDeveloperTools ? [{ type: 'separator' } as const, { role: 'toggleDevTools' } as const] : []),
  ];
}

function helpItems(options: MenuOptions, isMac: boolean): Item[] {
  return [
    pageItem(options, 'app.help', '&Keyboard Shortcuts'),
    { label: 'Show the &Log', click: options.showLog },
    { type: 'separator' },
    {
      label: 'Spatial Transformer Networks (Paper)',
      click: () => options.follow('https://arxiv.org/abs/1506.02025'),
    },
    { label: 'About ONNX', click: () => options.follow('https://onnx.ai/') },
    ...(isMac ? [] : [{ type: 'separator' } as const, { role: 'about', label: '&About Congeal' } as const]),
  ];
}

/**
 * Something that the page does. Its keys are shown but left to the page, which knows whether a person is typing and which
 * keys they have chosen; macOS gives keys to the page first in any case.
 */
function pageItem({ tell }: MenuOptions, id: string, label: string, accelerator?: string): Item {
  return {
    id,
    label,
    registerAccelerator: false,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => tell({ kind: 'command', id }),
  };
}
