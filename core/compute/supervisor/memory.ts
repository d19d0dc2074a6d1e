import { readFileSync } from 'node:fs';

const pageBytes = 4096;

/** Resident memory of a process in bytes where the system tells; undefined elsewhere. */
export function residentBytes(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
  } catch {
    return undefined;
  }
}

/** How many processes the system has killed for want of memory so far; 0 where it does not tell. */
export function outOfMemoryKills(): number {
  if (process.platform !== 'linux') return 0;
  try {
    const found = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'));
    return found === null ? 0 : Number(found[1]);
  } catch {
    return 0;
  }
}
