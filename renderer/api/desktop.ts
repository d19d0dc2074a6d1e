import type { DesktopBridge } from '../../core/contract/desktop.ts';

export type { DesktopBridge, DesktopCommand, DesktopGrant, DesktopPlace } from '../../core/contract/desktop.ts';

declare global {
  interface Window {
    readonly congeal?: DesktopBridge;
  }
}

/** The desktop shell's bridge; undefined in a browser, where everything works without it. */
export const desktop: DesktopBridge | undefined = window.congeal;
