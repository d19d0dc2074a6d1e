import { join, resolve } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { Arch } from 'electron-builder';
import type { Target } from './node-binary.ts';
import { placeNode } from './node-binary.ts';
import { pruneRuntimes } from './prune-runtimes.ts';
import { renderIcons } from './render-icons.ts';

type PackContext = Pick<AfterPackContext, 'arch' | 'electronPlatformName'>;

const top = resolve(import.meta.dirname, '../..');

/** Before a program is packed: the icons are rendered, and the plain Node of its machine is put beside it. */
export async function beforePack(context: PackContext): Promise<void> {
  await renderIcons(join(top, 'resources', 'icons'), join(top, 'dist', 'icons'));
  await placeNode(targetOf(context), top, join(top, 'dist', 'node'));
}

/** After a program is packed, and before it is signed: what other machines would need is taken out. */
export async function afterPack(context: AfterPackContext): Promise<void> {
  await pruneRuntimes(context.packager.getResourcesDir(context.appOutDir), targetOf(context));
}

function targetOf({ electronPlatformName, arch }: PackContext): Target {
  const name = Arch[arch];
  const isKnown = ['darwin', 'linux', 'win32'].includes(electronPlatformName) && ['arm64', 'x64'].includes(name);
  if (!isKnown) throw new Error(`Congeal is not packed for ${electronPlatformName} ${name}.`);
  return { platform: electronPlatformName as Target['platform'], arch: name as Target['arch'] };
}
