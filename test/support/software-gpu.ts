import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** Where an installed Chromium or Chrome keeps its software graphics card for Vulkan. */
const installed = [
  '/usr/lib/chromium/libvk_swiftshader.so',
  '/usr/lib/chromium-browser/libvk_swiftshader.so',
  '/opt/google/chrome/libvk_swiftshader.so',
  '/opt/microsoft/msedge/libvk_swiftshader.so',
];

const linux = process.platform === 'linux';

/** The library of an installed software graphics card, if there is one. */
const library = linux ? installed.find((path) => existsSync(path)) : undefined;

/** Whether WebGPU can be tried in software here: an installed Chromium's card, or on Linux x64 the one that npm brought. */
export const hasSoftwareGpu = library !== undefined || (linux && process.arch === 'x64');

/**
 * The environment in which a process finds SwiftShader as its only graphics card: it answers as the Vulkan loader would, so
 * none need be installed. What it needs is removed when the test ends.
 */
export function softwareGpuEnvironment(): NodeJS.ProcessEnv {
  if (!hasSoftwareGpu) throw new Error('there is no software graphics card here');
  const folder = mkdtempSync(join(tmpdir(), 'congeal-gpu-'));
  const loader = join(folder, 'libvulkan.so.1');
  if (library === undefined) writeFileSync(loader, packedLibrary());
  else symlinkSync(library, loader);
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...process.env, LD_LIBRARY_PATH: folder };
}

/** The library out of the Chromium that npm brought. */
function packedLibrary(): Buffer {
  const packed = new URL('../bin/swiftshader.tar.br', import.meta.resolve('@sparticuz/chromium'));
  return fileOfTar(brotliDecompressSync(readFileSync(packed)), 'libvk_swiftshader.so');
}

/** One file of a tar archive: headers and contents fill whole blocks of 512 bytes, sizes are octal. */
function fileOfTar(archive: Buffer, wanted: string): Buffer {
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    if (name === wanted || name === `./${wanted}`) return archive.subarray(at + 512, at + 512 + size);
    at += 512 + 512 * Math.ceil(size / 512);
  }
  throw new Error(`the archive holds no ${wanted}`);
}
