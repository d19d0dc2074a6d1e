import type { App, Session, WebContents } from 'electron';
import { isOurs } from './app-address.ts';

/** What a page of the program may load besides itself: what it made itself, and in development the developer tools. */
const ownSchemes = new Set(['blob:', 'data:', 'devtools:']);

/** Whether anything may be loaded from an address at all. Nothing is fetched from elsewhere. */
export function mayLoad(address: string): boolean {
  return isOurs(address) || ownSchemes.has(URL.parse(address)?.protocol ?? '');
}

/**
 * Keeps every page where it is: it navigates nowhere but to the program itself, opens no windows, embeds no other pages,
 * and gets from the system what `mayDo` allows. Links that people may follow are handed to `follow`.
 */
export function guardContents(app: App, follow: (address: string) => void): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const)
      contents.on(event as 'will-navigate', (details) => {
        if (!isOurs(details.url)) details.preventDefault();
      });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      follow(url);
      return { action: 'deny' };
    });
  });
}

/** Whether a page may do what the system guards: the program itself may put plain text on the clipboard, no more. */
export function mayDo(permission: string, address: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurs(address);
}

/** Denies pages every permission but copying, every device and every address that is not the program's own. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(mayDo(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayDo(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url) }));
  session.on('will-download', (event, item) => {
    if (!isOurs(item.getURL()) && !item.getURL().startsWith('blob:')) event.preventDefault();
  });
  session.setSpellCheckerEnabled(false);
}
