import type { WrittenCrop } from '../datasets/export-journal.ts';
import type { ImageResult } from '../imaging/failure.ts';
import type { Tile } from '../imaging/tiles.ts';
import type { AlignRequest } from './align.ts';
import type { ApplyRequest } from './apply.ts';
import type { PictureRow } from './demo-picture.ts';
import type { ExportRequest } from './export.ts';
import type { FeaturesUse } from './features.ts';
import type { FindRequest } from './find-request.ts';
import type { LearnedClassifier } from './learn.ts';
import type { NetworkCheck } from './classifier/check-network.ts';
import type { LearnRequest } from './classifier/learn-request.ts';
import type { Glance, Reading } from './glances.ts';
import type { GroupRequest, ImageGroups } from './group-images.ts';
import type { ImportRequest } from './import.ts';
import type { ModelReport, ModelSource } from './inspect-model.ts';
import type { Learned } from './learned.ts';
import type { MissingPart } from './parts.ts';
import type { Card, CardRequest, Pictures, PicturesRequest } from './pictures.ts';
import type { Computing } from './provider.ts';
import type { ListedProvider, Probed } from './providers.ts';
import type { Preview, PreviewRequest } from './preview.ts';
import type { Sample, SamplesRequest } from './samples.ts';
import type { WarpPicture, WarpPictureRequest } from './warp-picture.ts';
import type { TilesRequest } from './tiles.ts';
import type { Quarantined } from './work-through.ts';

/** Every kind of job: what it is asked, and what it answers. All of it is plain data that can be sent. */
export interface Jobs {
  find: { request: FindRequest; result: Learned };
  align: { request: AlignRequest; result: Learned };
  apply: { request: ApplyRequest; result: Learned };
  learn: { request: LearnRequest; result: LearnedClassifier };
  export: { request: ExportRequest; result: readonly WrittenCrop[] };
  /** The pictures of a run's report. */
  pictures: { request: PicturesRequest; result: Pictures };
  /** Draws a sample collection into a folder. */
  samples: { request: SamplesRequest; result: readonly Sample[] };
  /** One picture of what a demonstration did, as a PNG file. */
  'demo picture': { request: readonly PictureRow[]; result: Uint8Array };
  /** One image of a report: a thumbnail and its crop; undefined when it cannot be read. */
  card: { request: CardRequest; result: Card | undefined };
  /** Looks at many files: facts, hashes, thumbnails. */
  import: { request: ImportRequest; result: { readonly images: number } };
  /** The same for one file, for thumbnails that are not kept any more. */
  'look at': { request: Reading & { readonly path: string; readonly sides: readonly number[] }; result: Glance };
  /** One crop of one image. */
  preview: { request: PreviewRequest; result: ImageResult<Preview> | Quarantined };
  /** One image under one transform of any family, with the places drawn that are read. */
  'warp picture': { request: WarpPictureRequest; result: ImageResult<WarpPicture> | Quarantined };
  /** Tiles of one image, in the order of their places; null where there is none. */
  tiles: { request: TilesRequest; result: ImageResult<readonly (Tile | null)[]> | Quarantined };
  /** Images that show the same, and bursts. */
  'group images': { request: GroupRequest; result: ImageGroups };
  /** Where runs compute; the first time `auto` is asked for it is measured. */
  'choose provider': { request: { readonly asked: string }; result: Computing };
  /** The native parts that cannot be loaded here. */
  'missing parts': { request: undefined; result: readonly MissingPart[] };
  /** Every execution provider, and whether it is offered here. */
  'list providers': { request: undefined; result: readonly ListedProvider[] };
  /** Tries a provider in a process that is thrown away. */
  'probe provider': { request: { readonly name: ListedProvider['name'] }; result: Probed };
  /** Refuses a network that does not fit its pictures, before they are read. */
  'check network': { request: NetworkCheck; result: undefined };
  /** Refuses an encoder that cannot be used. */
  'check features': { request: { readonly features: string; readonly use: FeaturesUse }; result: undefined };
  /** What an ONNX file declares, and whether it can be used. */
  'inspect model': { request: ModelSource; result: ModelReport };
  /** Refuses a model that is no transformer. */
  'check transformer': { request: Pick<ApplyRequest, 'model' | 'modelName'>; result: undefined };
}

export type JobKind = keyof Jobs;
