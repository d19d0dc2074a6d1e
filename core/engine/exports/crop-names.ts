import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { isDeviceName } from '../uploads/file-names.ts';

/** Bytes of UTF-8 that a part of a path may have, so that an extension and marks against equal names still fit into 255. */
const longestPart = 200;

/**
 * Gives each image the name of its crop, without two that differ only by case or by how accents are written: a dataset can
 * be copied to any system. A name that every system takes is kept; `CON`, `aux.png`, `a:b`, a dot or blank at the end and
 * names of 255 bytes are changed as little as that needs.
 *
 * @param extension - of the crops, without the dot
 */
export function createCropNames(extension: string): (id: string) => string {
  const taken = new Set<string>();
  return (id) => {
    const whole = portablePath(id, extension);
    const stem = portablePath(id.slice(0, id.length - extname(id).length), extension);
    let name = stem;
    while (taken.has(keyOf(name))) name = name === stem && whole !== stem ? whole : `${name}_`;
    taken.add(keyOf(name));
    return `${name}.${extension}`;
  };
}

function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/* A folder whose name ends like a crop could stand where a crop is. */
function portablePath(path: string, extension: string): string {
  const parts = path.split('/');
  return parts
    .map((part, n) => {
      const isCropLike = n < parts.length - 1 && part.toLowerCase().endsWith(`.${extension}`);
      return portablePart(isCropLike ? `${part}_` : part);
    })
    .join('/');
}

function portablePart(part: string): string {
  const plain = part.replace(/[\p{Cc}<>:"|?*\\]/gu, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const named = isDeviceName(plain) ? `_${plain}` : plain;
  return Buffer.byteLength(named) <= longestPart ? named : shortened(named);
}

/** The beginning of a long name, with a mark that tells it from others of the same beginning. */
function shortened(name: string): string {
  const mark = `-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
  let beginning = '';
  for (const character of name) {
    if (Buffer.byteLength(beginning + character + mark) > longestPart) break;
    beginning += character;
  }
  return beginning + mark;
}
