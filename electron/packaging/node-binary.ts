import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A machine that the program is packed for. */
export interface Target {
  readonly platform: 'darwin' | 'linux' | 'win32';
  readonly arch: 'arm64' | 'x64';
}

/** The name of a target in the folders of a build: those of electron-builder's `${os}-${arch}`. */
function targetName({ platform, arch }: Target): string {
  return `${{ darwin: 'mac', linux: 'linux', win32: 'win' }[platform]}-${arch}`;
}

/**
 * Puts the plain Node of a target into `folder/TARGET/`: the one that npm brought where the target is this machine, and
 * the npm package of the same version otherwise.
 */
export async function placeNode(target: Target, top: string, folder: string): Promise<string> {
  const binary = target.platform === 'win32' ? 'node.exe' : 'node';
  const place = join(folder, targetName(target), binary);
  await mkdir(join(folder, targetName(target)), { recursive: true });
  const own = join(top, 'node_modules', 'node');
  if (target.platform === process.platform && target.arch === process.arch)
    await copyFile(join(own, 'bin', binary), place);
  else {
    const { version } = JSON.parse(await readFile(join(own, 'package.json'), 'utf8')) as { readonly version: string };
    await fetchNode(target, version, binary, place);
  }
  await chmod(place, 0o755);
  return place;
}

async function fetchNode({ platform, arch }: Target, version: string, binary: string, place: string): Promise<void> {
  // The names under which the npm package `node` keeps its binaries.
  const name = { darwin: `node-bin-darwin-${arch}`, linux: `node-linux-${arch}`, win32: `node-win-${arch}` }[platform];
  const folder = await mkdtemp(join(tmpdir(), 'congeal-node-'));
  const isWindows = process.platform === 'win32';
  try {
    const words = ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder];
    const { stdout } = await run(isWindows ? 'npm.cmd' : 'npm', words, { shell: isWindows });
    const archive = stdout.trim().split('\n').at(-1) ?? '';
    await run('tar', ['-xzf', archive, `package/bin/${binary}`], { cwd: folder });
    await copyFile(join(folder, 'package', 'bin', binary), place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
