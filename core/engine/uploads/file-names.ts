const longestPart = 180;
const deepest = 12;

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Whether Windows keeps a name for a device. */
export function isDeviceName(name: string): boolean {
  return reserved.test(name);
}

/**
 * A relative path that every file system takes and that stays below where it is put, from any name that was sent: no
 * parent folders, no hidden names, no control or reserved characters, no names of devices. Always has a last part.
 */
export function safeRelativePath(sent: string): readonly string[] {
  const parts = sent
    .normalize('NFC')
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .slice(-deepest)
    .map(safePart);
  return parts.length === 0 ? ['file'] : parts;
}

/** The n-th name to try for a file: `beetle.jpg`, `beetle (2).jpg`, ... */
export function numberedName(name: string, n: number): string {
  if (n === 1) return name;
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name} (${n})` : `${name.slice(0, dot)} (${n})${name.slice(dot)}`;
}

function safePart(part: string): string {
  const plain = part
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>:"|?*]/gu, '_')
    .replace(/[. ]+$/, '')
    .replace(/^[.\s]+/, '');
  const named = plain === '' ? '_' : isDeviceName(plain) ? `_${plain}` : plain;
  return shortened(named);
}

/** Cuts a name to so many bytes, keeping its extension. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longestPart) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 16 ? name.slice(dot) : '';
  let stem = '';
  for (const character of name) {
    if (Buffer.byteLength(stem + character + extension) > longestPart) break;
    stem += character;
  }
  return stem.trimEnd() + extension;
}
