import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeIcns, encodeIco } from '../../electron/packaging/icon-files.ts';
import { placeNode } from '../../electron/packaging/node-binary.ts';
import { pruneRuntimes } from '../../electron/packaging/prune-runtimes.ts';
import { renderIcons } from '../../electron/packaging/render-icons.ts';
import { temporaryFolder } from '../support/temporary.ts';

const top = resolve(import.meta.dirname, '../..');
const png = (text: string) => Buffer.from(text);

describe('icon files', () => {
  it('.ico: a directory of 16 bytes a picture, 0 standing for 256, then the pictures', () => {
    const ico = Buffer.from(
      encodeIco([
        { side: 16, png: png('small') },
        { side: 256, png: png('large one') },
      ]),
    );
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 2]);
    expect([ico[6], ico[7], ico[22], ico[23]]).toEqual([16, 16, 0, 0]);
    for (const [at, text] of [
      [6, 'small'],
      [22, 'large one'],
    ] as const) {
      const offset = ico.readUInt32LE(at + 12);
      expect(ico.subarray(offset, offset + ico.readUInt32LE(at + 8)).toString()).toBe(text);
    }
    expect(() => encodeIco([{ side: 512, png: png('x') }])).toThrow('256');
  });

  it('.icns: blocks of type, length and picture, which add up', () => {
    const sides = [16, 32, 64, 128, 256, 512, 1024];
    const icns = Buffer.from(encodeIcns(sides.map((side) => ({ side, png: png(`picture of ${side}`) }))));
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const found: Record<string, string> = {};
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      found[icns.toString('latin1', at, at + 4)] = icns.toString('utf8', at + 8, at + icns.readUInt32BE(at + 4));
    expect(found).toMatchObject({ icp4: 'picture of 16', ic07: 'picture of 128', ic10: 'picture of 1024' });
    expect(() => encodeIcns([])).toThrow('16 pixels');
  });

  it('are rendered from the drawings: square, with clear corners, on every side that a system asks for', async () => {
    const folder = temporaryFolder();
    await renderIcons(join(top, 'resources', 'icons'), folder);
    for (const side of [16, 48, 256, 1024]) {
      const image = sharp(join(folder, 'png', `${side}x${side}.png`));
      const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, data[3]]).toEqual([side, side, 0]);
      const middle = 4 * (Math.floor(side / 2) * side + Math.floor(side / 2));
      expect(data[middle + 3]).toBe(255);
    }
    for (const name of ['icon.ico', 'icon.icns', 'congeal.ico', 'congeal.icns'])
      expect(readFileSync(join(folder, name)).length).toBeGreaterThan(10_000);
  });
});

describe('packing', () => {
  const fill = (folder: string, machines: readonly string[]) => {
    for (const machine of machines) {
      const file = join(
        folder,
        'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6',
        machine,
        'onnxruntime_binding.node',
      );
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, machine);
    }
    return (machine: string) =>
      existsSync(join(folder, 'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6', machine));
  };
  const all = ['darwin/arm64', 'linux/arm64', 'linux/x64', 'win32/arm64', 'win32/x64'];

  it.each([
    ['linux', 'x64'],
    ['win32', 'arm64'],
    ['darwin', 'arm64'],
  ] as const)('leaves only the ONNX Runtime of %s %s', async (platform, arch) => {
    const folder = temporaryFolder();
    const has = fill(folder, all);
    expect(await pruneRuntimes(folder, { platform, arch })).toHaveLength(4);
    expect(all.filter(has)).toEqual([`${platform}/${arch}`]);
  });

  it('fails where the target would have none', async () => {
    const folder = temporaryFolder();
    fill(folder, ['linux/x64']);
    await expect(pruneRuntimes(folder, { platform: 'win32', arch: 'x64' })).rejects.toThrow('win32 x64');
  });

  it('names libraries that are really there', () => {
    const bin = join(top, 'node_modules/onnxruntime-node/bin/napi-v6');
    for (const machine of all)
      expect([machine, existsSync(join(bin, machine, 'onnxruntime_binding.node'))]).toEqual([machine, true]);
  });

  it('takes along every resource that the engine reads, outside the archive', () => {
    const sources = readdirSync(join(top, 'core'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(top, 'core', file), 'utf8'));
    const read = new Set(
      sources.flatMap((text) => [...text.matchAll(/dirname, '[./]*(resources\/\w+)/g)].map(([, folder]) => folder)),
    );
    expect(read).toContain('resources/networks');
    const packing = readFileSync(join(top, 'electron-builder.yml'), 'utf8').split('\n');
    for (const folder of read) expect(packing.filter((line) => line === `  - ${folder}/**`)).toHaveLength(2);
  });

  it('puts the plain Node of this machine beside the program', async () => {
    const { platform, arch } = process;
    const isTarget = ['darwin', 'linux', 'win32'].includes(platform) && ['arm64', 'x64'].includes(arch);
    if (!isTarget) return;
    const target = { platform, arch } as Parameters<typeof placeNode>[0];
    const placed = await placeNode(target, top, temporaryFolder());
    expect(
      readFileSync(placed).equals(
        readFileSync(join(top, 'node_modules/node/bin', placed.endsWith('.exe') ? 'node.exe' : 'node')),
      ),
    ).toBe(true);
  });
});
