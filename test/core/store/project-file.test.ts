import Database from 'better-sqlite3';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { applicationId } from '../../../core/store/application-id.ts';
import { currentSchema } from '../../../core/store/migrations/migrate.ts';
import { listImages, saveImages } from '../../../core/store/images.ts';
import { closeProject, openProject } from '../../../core/store/project-file.ts';
import { listFrames, loadFrame, saveFrame } from '../../../core/store/run-frames.ts';
import { saveSnapshot } from '../../../core/store/snapshot.ts';
import { codeOf } from '../../support/code-of.ts';
import { makeProject, sampleImage, sampleRun } from '../../support/project-samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const moduleUrl = pathToFileURL(join(import.meta.dirname, '../../../core/store/project-file.ts')).href;

test('a new project is a marked SQLite file in WAL mode with full synchronisation and foreign keys', () => {
  const path = join(temporaryFolder(), 'new.congeal');
  const project = openProject(path, { create: true });
  const pragma = (name: string): unknown => project.database.pragma(name, { simple: true });
  expect(pragma('application_id')).toBe(applicationId);
  expect(pragma('user_version')).toBe(currentSchema);
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect(pragma('foreign_keys')).toBe(1);
  closeProject(project);
  closeProject(project);
  expect(readdirSync(join(path, '..'))).toEqual(['new.congeal']);
});

test('a missing file is made only when asked for', () => {
  const path = join(temporaryFolder(), 'none.congeal');
  expect(codeOf(() => openProject(path))).toBe('input-missing');
  expect(codeOf(() => openProject(path, { create: true, readOnly: true }))).toBe('input-missing');
  expect(codeOf(() => openProject(join(path, 'deeper.congeal'), { create: true }))).toBe('output-unwritable');
});

test.each<[string, (path: string) => void]>([
  ['a text file', (path) => writeFileSync(path, 'file,width,height\n'.repeat(100))],
  ['an empty file', (path) => writeFileSync(path, '')],
  ['a folder', (path) => mkdirSync(path)],
  ['a database of something else', (path) => new Database(path).exec('CREATE TABLE image (id INTEGER)').close()],
])('%s is not a project and is left as it is', (_, make) => {
  const path = join(temporaryFolder(), 'wrong.congeal');
  make(path);
  const before = statSync(path).isFile() ? readFileSync(path) : null;
  expect(codeOf(() => openProject(path))).toBe('project-invalid');
  expect(codeOf(() => openProject(path, { readOnly: true }))).toBe('project-invalid');
  if (before !== null) expect(readFileSync(path)).toEqual(before);
});

test('a file too short for a database is not called one', () => {
  const path = join(temporaryFolder(), 'short.congeal');
  writeFileSync(path, 'x');
  expect(() => openProject(path)).toThrow('is not a Congeal project (found 1 of at least 512 bytes)');
});

test('a truncated project is refused at any length', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'cut.congeal');
  makeProject(path, 200);
  const whole = readFileSync(path);
  for (let length = 1; length < whole.length; length += 4001) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    expect(codeOf(() => openProject(path))).toBe('project-invalid');
    expect(codeOf(() => openProject(path, { readOnly: true }))).toBe('project-invalid');
  }
});

test('a damaged project is refused and its backups are named', () => {
  const path = join(temporaryFolder(), 'damaged.congeal');
  makeProject(path, 500);
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096, bytes.length - 4096);
  writeFileSync(path, bytes);
  writeFileSync(`${path}.backup-v1`, '');
  expect(codeOf(() => openProject(path))).toBe('project-invalid');
  expect(() => openProject(path)).toThrow('damaged.congeal.backup-v1');
});

test('a project of a newer schema is refused unchanged', () => {
  const path = join(temporaryFolder(), 'future.congeal');
  makeProject(path);
  const database = new Database(path);
  database.pragma(`user_version = ${currentSchema + 1}`);
  database.close();
  const before = readFileSync(path);
  expect(codeOf(() => openProject(path))).toBe('project-newer');
  expect(codeOf(() => openProject(path, { readOnly: true }))).toBe('project-newer');
  expect(readFileSync(path)).toEqual(before);
});

test('in a network folder the older journal is used, also after a log was left over, and said to be', () => {
  const path = join(temporaryFolder(), 'far.congeal');
  makeProject(path);
  const near = openProject(path);
  expect(near.notes).toEqual([]);
  near.database.exec('PRAGMA wal_autocheckpoint = 0');
  saveImages(near, [sampleImage(near, 'more.jpg', 'b')]);
  const copy = join(temporaryFolder(), 'far.congeal');
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
  closeProject(near);
  const project = openProject(copy, { remote: true });
  expect(project.database.pragma('journal_mode', { simple: true })).toBe('delete');
  expect(project.notes).toHaveLength(1);
  expect(listImages(project)).toHaveLength(2);
  const reader = openProject(copy, { readOnly: true });
  expect(listImages(reader)).toHaveLength(2);
  closeProject(reader);
  closeProject(project);
  expect(readdirSync(join(copy, '..')).filter((name) => !name.endsWith('-wal'))).toEqual(['far.congeal']);
});

test.each([
  `CREATE TRIGGER evil AFTER INSERT ON run BEGIN DELETE FROM image; END`,
  `CREATE VIEW evil AS SELECT * FROM image`,
  `CREATE VIRTUAL TABLE evil USING fts5(name)`,
])('a project that holds something to be run is refused: %s', (sql) => {
  const path = join(temporaryFolder(), 'evil.congeal');
  makeProject(path);
  const database = new Database(path);
  database.exec(sql);
  database.close();
  expect(codeOf(() => openProject(path))).toBe('project-invalid');
  expect(codeOf(() => openProject(path, { readOnly: true }))).toBe('project-invalid');
});

test('opened only to look, nothing can be written and others may look too', () => {
  const path = join(temporaryFolder(), 'look.congeal');
  makeProject(path);
  const before = readFileSync(path);
  const first = openProject(path, { readOnly: true });
  const second = openProject(path, { readOnly: true });
  expect(listImages(first)).toEqual(listImages(second));
  expect(() => first.database.exec('DELETE FROM image')).toThrow(/readonly|query_only|read-only/i);
  closeProject(first);
  closeProject(second);
  expect(readFileSync(path)).toEqual(before);
});

test.skipIf(process.platform === 'win32')(
  'a read-only file in a read-only folder can be looked at, not written',
  () => {
    const folder = join(temporaryFolder(), 'fixed');
    mkdirSync(folder);
    const path = join(folder, 'fixed.congeal');
    makeProject(path);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    chmodSync(join(folder, '..'), 0o755);
    // The super-user may write anywhere, so the child gives that up first.
    const script = `import { openProject } from '${moduleUrl}';
    import { listImages } from '${moduleUrl.replace('project-file', 'images')}';
    const attempt = (path, options) => {
      try { return listImages(openProject(path, options)).length; } catch (error) { return error.code; }
    };
    if (process.getuid() === 0) process.setuid(65534);
    const path = process.argv[1];
    console.log(JSON.stringify([
      attempt(path, { readOnly: true }), attempt(path, {}), attempt(path + '2', { create: true }),
    ]));`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], { encoding: 'utf8' });
    chmodSync(folder, 0o755);
    expect(child.stderr).toBe('');
    expect(JSON.parse(child.stdout)).toEqual([1, 'output-unwritable', 'output-unwritable']);
  },
);

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'on a disk that is really full, what was acknowledged stays and work goes on when there is room again',
  (context) => {
    const disk = join(temporaryFolder(), 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip('this container may not mount');
    }
    onTestFinished(() => {
      execFileSync('umount', [disk]);
    });
    const path = join(disk, 'small.congeal');
    const project = openProject(path, { create: true });
    const run = sampleRun(project);
    let saved = 0;
    const fill = (): void => {
      for (; saved < 1000; saved++)
        saveFrame(project, run, { stage: '', madeAt: saved, picture: Buffer.alloc(20_000, saved) });
    };
    expect(codeOf(fill)).toBe('disk-full');
    expect(saved).toBeGreaterThan(10);
    expect(listFrames(project, run)).toHaveLength(saved);
    expect(codeOf(() => saveSnapshot(project, join(disk, 'copy.congeal')))).toBe('disk-full');
    expect(codeOf(() => openProject(join(disk, 'other.congeal'), { create: true }))).toBe('disk-full');
    expect(readdirSync(disk).filter((name) => !name.startsWith('small.congeal'))).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=8m', disk]);
    expect(saveFrame(project, run, { stage: '', madeAt: 0, picture: Buffer.alloc(20_000) })).toBe(saved + 1);
    closeProject(project);
    const again = openProject(path);
    expect(listFrames(again, run)).toHaveLength(saved + 1);
    expect(loadFrame(again, run, saved)?.[0]).toBe((saved - 1) % 256);
    closeProject(again);
  },
);

test('what killed processes left half made goes when a project of the folder is opened, made or copied; nothing else does', () => {
  const folder = temporaryFolder();
  const gone = spawnSync(process.execPath, ['--version']).pid;
  const left = [
    'never made.congeal.lock',
    `a.congeal.new-${gone}`,
    `b c.congeal.partial-${gone}-journal`,
    `project.congeal.new-${gone}`,
  ];
  const kept = [
    `a.congeal.new-${process.ppid}`,
    `a.congeal.new-${gone}.jpg`,
    `notes.new-${gone}`,
    'a.congeal.new-',
    'a.congeal.backup-v1.partial',
    'other.congeal.lock',
  ];
  mkdirSync(join(folder, `folder.congeal.new-${gone}`));
  makeProject(join(folder, 'other.congeal'));
  const leave = () => [...left, ...kept].forEach((name) => writeFileSync(join(folder, name), ''));
  const others = () => readdirSync(folder).filter((name) => !/^(project|copy)\.congeal(-wal|-shm|\.lock)?$/.test(name));
  const expected = [...kept, 'other.congeal', `folder.congeal.new-${gone}`].sort();
  leave();
  const project = openProject(join(folder, 'project.congeal'), { create: true });
  expect(others().sort()).toEqual(expected);
  leave();
  saveSnapshot(project, join(folder, 'copy.congeal'));
  expect(others().sort()).toEqual(expected);
  closeProject(project);
  leave();
  closeProject(openProject(join(folder, 'copy.congeal'), { readOnly: true }));
  expect(others().sort()).toEqual([...left, ...expected].sort());
  closeProject(openProject(join(folder, 'copy.congeal')));
  expect(others().sort()).toEqual(expected);
});
