import type { AlignRequest } from './align.ts';
import type { ApplyRequest } from './apply.ts';
import type { PictureRow } from './demo-picture.ts';
import type { ExportedCrop, ExportRequest } from './export.ts';
import type { FindRequest } from './find-request.ts';
import type { Learned } from './learned.ts';
import type { Pictures, PicturesRequest } from './pictures.ts';
import type { Sample, SamplesRequest } from './samples.ts';

/** Every kind of job: what it is asked, and what it answers. All of it is plain data that can be sent. */
export interface Jobs {
  find: { request: FindRequest; result: Learned };
  align: { request: AlignRequest; result: Learned };
  apply: { request: ApplyRequest; result: Learned };
  export: { request: ExportRequest; result: readonly ExportedCrop[] };
  /** The pictures of a run's report. */
  pictures: { request: PicturesRequest; result: Pictures };
  /** Draws a sample collection into a folder. */
  samples: { request: SamplesRequest; result: readonly Sample[] };
  /** One picture of what a demonstration did, as a PNG file. */
  'demo picture': { request: readonly PictureRow[]; result: Uint8Array };
  /** Refuses an encoder that cannot be used. */
  'check features': { request: { readonly features: string }; result: undefined };
  /** Refuses a model that is no transformer. */
  'check transformer': { request: Pick<ApplyRequest, 'model' | 'modelName'>; result: undefined };
}

export type JobKind = keyof Jobs;
