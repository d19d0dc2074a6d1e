import type { MenuItemConstructorOptions } from 'electron';

/** An item of the menu bar, as `electron.MenuItem`. */
export interface StandInMenuItem {
  readonly id: string | undefined;
  readonly label: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly enabled: boolean;
  readonly accelerator: string | undefined;
  readonly submenu: StandInMenu | undefined;
  readonly click: () => void;
}

/** `electron.Menu`: keeps what it is made of, and can be clicked. Roles are the system's own and do nothing here. */
export class StandInMenu {
  static #bar: StandInMenu | null = null;
  readonly items: readonly StandInMenuItem[];

  constructor(items: readonly StandInMenuItem[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuItemConstructorOptions[]): StandInMenu {
    return new StandInMenu(template.map(toItem));
  }

  static setApplicationMenu(menu: StandInMenu | null): void {
    StandInMenu.#bar = menu;
  }

  static getApplicationMenu(): StandInMenu | null {
    return StandInMenu.#bar;
  }

  getMenuItemById(id: string): StandInMenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== undefined && found !== null) return found;
    }
    return null;
  }
}

function toItem(options: MenuItemConstructorOptions): StandInMenuItem {
  const { id, label, role, type, enabled, accelerator, submenu, click } = options;
  return {
    id,
    label: label ?? '',
    role: role?.toLowerCase(),
    type: type ?? (submenu === undefined ? 'normal' : 'submenu'),
    enabled: enabled ?? true,
    accelerator: accelerator ?? undefined,
    submenu: Array.isArray(submenu) ? StandInMenu.buildFromTemplate(submenu) : undefined,
    click: () => {
      (click as (() => void) | undefined)?.();
    },
  };
}
