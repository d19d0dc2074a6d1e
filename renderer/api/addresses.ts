import { addressOf } from '../../core/contract/client.ts';
import { commands } from '../../core/contract/commands.ts';

const { pictures, runs, models } = commands;

type Query<Address extends keyof typeof pictures> = NonNullable<
  Parameters<typeof addressOf<(typeof pictures)[Address]>>[1]['query']
>;

/** Addresses of pictures that `<img>` and textures load by themselves. With a version they are kept for ever. */
export const addresses = {
  thumbnail: (project: string, image: string, query: Query<'thumbnail'> = {}) =>
    addressOf(pictures.thumbnail, { params: { project, image }, query }),
  aligned: (project: string, image: string, query: Query<'aligned'>) =>
    addressOf(pictures.aligned, { params: { project, image }, query }),
  crop: (project: string, image: string, query: Query<'crop'>) =>
    addressOf(pictures.crop, { params: { project, image }, query }),
  warp: (project: string, image: string, query: Query<'warp'>) =>
    addressOf(pictures.warp, { params: { project, image }, query }),
  tile: (
    project: string,
    image: string,
    tile: { readonly level: number; readonly column: number; readonly row: number },
    v: string,
  ) => addressOf(pictures.tile, { params: { project, image, ...tile }, query: { v } }),
  frame: (project: string, run: string, frame: string, of: 'mean' | 'std' = 'mean') =>
    addressOf(runs.frame, { params: { project, run, frame }, query: { of } }),
  runPicture: (project: string, run: string, picture: 'mean' | 'std' | 'mean-before') =>
    addressOf(runs.picture, { params: { project, run, picture }, query: undefined }),
  report: (project: string, run: string) => addressOf(runs.report, { params: { project, run }, query: undefined }),
  model: (model: string, project?: string) =>
    addressOf(models.download, { params: { model }, query: project === undefined ? {} : { project } }),
};
