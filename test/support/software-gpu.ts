import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where an installed Chromium or Chrome keeps its software graphics card for Vulkan. */
const installed = [
  '/usr/lib/chromium/libvk_swiftshader.so',
  '/usr/lib/chromium-browser/libvk_swiftshader.so',
  '/opt/google/chrome/libvk_swiftshader.so',
  '/opt/microsoft/msedge/libvk_swiftshader.so',
];

/** The library of a software graphics card on this machine, if there is one. */
const library = process.platform === 'linux' ? installed.find((path) => existsSync(path)) : undefined;

/** Whether WebGPU can be tried in software here. */
export const hasSoftwareGpu = library !== undefined;

/**
 * The environment in which a process finds SwiftShader as its only graphics card: it answers as the Vulkan loader would, so
 * none need be installed. What it needs is removed when the test ends.
 */
export function softwareGpuEnvironment(): NodeJS.ProcessEnv {
  if (library === undefined) throw new Error('there is no software graphics card here');
  const folder = mkdtempSync(join(tmpdir(), 'congeal-gpu-'));
  symlinkSync(library, join(folder, 'libvulkan.so.1'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...process.env, LD_LIBRARY_PATH: folder };
}
