import { linkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOpenProjects } from '../../../core/engine/open-projects.ts';
import { temporaryFolder } from '../../support/temporary.ts';

it.skipIf(process.platform === 'win32')('one project file is never opened under two names', () => {
  const folder = temporaryFolder();
  const [first, moved, linked] = ['first', 'moved', 'linked'].map((name) => join(folder, `${name}.congeal`));
  const projects = createOpenProjects();
  const open = projects.open(first, { create: true });
  linkSync(first, linked);
  expect(() => projects.open(linked)).toThrow(/open as .*first\.congeal.*Close that one first/);
  renameSync(first, moved);
  expect(() => projects.open(moved)).toThrow(expect.objectContaining({ code: 'conflict' }));
  projects.close(open.id);
  expect(projects.open(moved).writer).not.toBeNull();
  projects.closeAll();
});
