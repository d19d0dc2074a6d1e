import type { DesktopBridge } from '../../core/contract/desktop.ts';

export type { DesktopGrant } from '../../core/contract/desktop.ts';

declare global {
  interface Window {
    readonly congeal?: DesktopBridge<File>;
  }
}

/** The desktop shell's bridge; undefined in a browser, where everything works without it. */
export const desktop: DesktopBridge<File> | undefined = window.congeal;
