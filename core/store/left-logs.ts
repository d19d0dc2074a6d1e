import { existsSync, renameSync, rmSync, statSync } from 'node:fs';

/**
 * Gives logs another name, `PATH-wal.left-N`, that stand where a project is about to be made: they belong to one that was
 * moved or deleted while it was open and whose process was killed. SQLite would read them into the new file.
 */
export function setLeftLogsAside(path: string): void {
  for (const log of [`${path}-wal`, `${path}-journal`]) {
    const found = statSync(log, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (found.size === 0) rmSync(log, { force: true });
    else renameSync(log, nameLeft(log));
  }
  rmSync(`${path}-shm`, { force: true });
}

function nameLeft(log: string): string {
  for (let count = 1; ; count++) if (!existsSync(`${log}.left-${count}`)) return `${log}.left-${count}`;
}
