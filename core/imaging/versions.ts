import sharp from 'sharp';

/** Versions of the image libraries, by name. */
export function imagingVersions(): Readonly<Record<string, string>> {
  return { sharp: sharp.versions.sharp, libvips: sharp.versions.vips };
}
