/** The command that folds the panel on the right: menus of the desktop name it, every screen with a panel has it. */
export const foldingId = 'view.inspector';
