import { protocol } from 'electron';
import { appScheme } from './app-address.ts';
import type { Forward } from './app-answers.ts';
import { answer } from './app-answers.ts';
import type { PageFiles } from './page-files.ts';

/** Makes `app://` a scheme like https for pages: an origin of its own, fetch, streams. To be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Answers `app://congeal`: files of the build, and the engine under `/api/`. */
export function serveApp(files: PageFiles, forward: Forward): void {
  protocol.handle(appScheme, (request) => answer(request, files, forward));
}
