import { sniffFormat, sniffedBytes } from '../../imaging/sniff.ts';

/** How many bytes from the start of a file must be known to tell what it is. */
export const headBytes = sniffedBytes;

/** Why a file that begins with these bytes is none of the images that are read; undefined for one that is. */
export function whyNoImage(head: Uint8Array, name: string): string | undefined {
  const found = sniffFormat(head, name);
  return found.ok ? undefined : found.reason;
}
