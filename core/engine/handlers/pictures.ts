import { isFamilyName } from '../../geometry/warp-family.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';
import { cropOf, keptThumbnails, matrixOf, picture, poseIn, thumbnailOf, warpOf } from '../images/pictures.ts';
import { versionOfCrop, versionOfImage } from '../images/picture-versions.ts';
import { shown } from '../images/shown-image.ts';
import { pyramidOf, tileSide } from '../images/tile-pyramids.ts';
import { imageOf, runOf } from '../row-ids.ts';

/** Pictures made from originals: thumbnails, crops, warps, tiles. */
export function picturesHandlers(engine: Engine): GroupHandlers<'pictures'> {
  const find = ({ project, image }: { readonly project: string; readonly image: string }) => {
    const open = engine.projects.get(project);
    return { open, image: shown(imageOf(open.reader, image)) };
  };
  return {
    thumbnail: async ({ params, query: { side, v } }, { signal }) => {
      const { open, image } = find(params);
      const bytes = await thumbnailOf(engine, open, image, side, signal);
      return picture(bytes, 'image/jpeg', { asked: v, now: versionOfImage(image) });
    },
    thumbnails: ({ params, query: { image, side, v } }) =>
      keptThumbnails(engine, engine.projects.get(params.project), image, side, v),
    aligned: async ({ params, query: { run, side, v } }, { signal }) => {
      const { open, image } = find(params);
      const pose = poseIn(open, image, runOf(open.reader, run).id);
      const rendering = { width: side, height: side, margin: 0, interpolation: 'bilinear', outside: 'border' } as const;
      const how = { ...rendering, mapping: 'reverse', format: 'jpeg' } as const;
      const bytes = await cropOf(engine, open, image, pose, how, { signal, keep: true });
      return picture(bytes, 'image/jpeg', { asked: v, now: versionOfCrop(image, pose) });
    },
    crop: async ({ params, query: { run, v, ...rendering } }, { signal }) => {
      const { open, image } = find(params);
      const pose = poseIn(open, image, runOf(open.reader, run).id);
      const how = { ...rendering, mapping: 'reverse', format: 'png' } as const;
      const bytes = await cropOf(engine, open, image, pose, how, { signal, keep: false });
      return picture(bytes, 'image/png', { asked: v, now: versionOfCrop(image, pose) });
    },
    warp: async ({ params, query }, { signal }) => {
      const { open, image } = find(params);
      const { mapping, matrix, family, parameters, mirrored, ...rendering } = query;
      const matrices = family === undefined || isFamilyName(family) ? family : null;
      const warp =
        family === undefined || matrices !== null || matrix ? undefined : warpOf(family, parameters, mirrored);
      const asked = warp ? { mirrored } : { matrix, family: matrices ?? undefined, parameters, mirrored };
      const pose = matrixOf(image, asked, rendering);
      const how = { ...rendering, mapping, warp, format: 'png' } as const;
      const bytes = await cropOf(engine, open, image, pose, how, { signal, keep: false });
      return picture(bytes, 'image/png', { asked: undefined, now: '' });
    },
    pyramid: ({ params }) => {
      const { image } = find(params);
      return { tile: tileSide, levels: pyramidOf(image), v: versionOfImage(image) };
    },
    tile: async ({ params, query: { v } }, { signal }) => {
      const { open, image } = find(params);
      const { level, column, row } = params;
      const bytes = await engine.tiles.tileOf(open, image, { level, column, row }, signal);
      return picture(bytes, 'image/jpeg', { asked: v, now: versionOfImage(image) });
    },
  };
}
