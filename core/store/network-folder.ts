import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** File systems that reach over a network or through another program, by the number that Linux gives them. */
const remoteTypes: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x01021997, // 9p
  0x65735546, // FUSE
  0x5346414f, // AFS
  0x00c36400, // Ceph
  0x786f4256, // VirtualBox shared folders
]);

/**
 * True where a file may lie on another machine. SQLite's write-ahead log needs memory that all who use the file share,
 * which other machines do not.
 */
export function mayBeRemote(path: string): boolean {
  if (process.platform === 'win32') return path.startsWith('\\\\');
  if (process.platform !== 'linux') return false;
  try {
    return remoteTypes.has(statfsSync(dirname(path)).type >>> 0);
  } catch {
    return false;
  }
}
