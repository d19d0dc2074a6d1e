import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import { realPath } from './real-path.ts';

/** What a folder or file was chosen for. */
export type GrantPurpose = 'images' | 'project' | 'export';

/** Folders and files that a person has chosen: commands are given their ids, never paths. */
export interface Grants {
  /** Grants a path, as the shell's own dialogs do. Gives the id. */
  readonly add: (path: string, purpose: GrantPurpose) => string;
  /**
   * The path behind an id. **Throws** CongealError `not-found` when it was not granted for this purpose, `forbidden` when
   * it leads to another place by now.
   */
  readonly pathOf: (id: string, purpose: GrantPurpose) => string;
}

const mostGrants = 10_000;

/** Makes an empty set of grants; they last as long as it does. */
export function createGrants(): Grants {
  const granted = new Map<string, { readonly path: string; readonly purpose: GrantPurpose }>();
  return {
    add: (path, purpose) => {
      const id = randomBytes(12).toString('base64url');
      granted.set(id, { path: realPath(path), purpose });
      if (granted.size > mostGrants) granted.delete(granted.keys().next().value ?? '');
      return id;
    },
    pathOf: (id, purpose) => {
      const found = granted.get(id);
      if (found?.purpose !== purpose)
        throw new CongealError(
          'not-found',
          `No folder was chosen for this under this id (${purpose}); choose it again.`,
        );
      if (realPath(found.path) === found.path) return found.path;
      throw new CongealError('forbidden', `${basename(found.path)} now leads to another place; choose it again.`);
    },
  };
}
