import { squareAround } from '../geometry/boxes.ts';
import { loadEncoder } from '../features/encoder.ts';
import { colocalisePhotos, photoSide } from '../learn/colocalise/photos.ts';
import type { LearnContext } from '../learn/event.ts';
import { readCollection, relay, resumeState } from './collection.ts';
import type { FindRequest } from './find-request.ts';
import type { JobContext, JobMessage } from './job.ts';
import type { Learned } from './learned.ts';
import { locateBoxes } from './locate-box.ts';

/** Co-localisation of photos with an encoder: discriminative search on its maps, then the network that learns from it. */
export async function* findInPhotos(request: FindRequest, context: JobContext): AsyncGenerator<JobMessage, Learned> {
  const { files, objectSize, allowDamaged, features } = request;
  const { seed, signal, threads, provider } = context;
  const encoder = await loadEncoder(features, { threads });
  try {
    const collection = yield* readCollection({ files, maxSide: photoSide, allowDamaged }, context);
    const resume = resumeState(context.resume, collection.fingerprint);
    const learning: LearnContext = { seed, signal, threads, provider, resume, optimise: request.optimise };
    const found = yield* relay(colocalisePhotos(collection.work, encoder, { objectSize }, learning), collection);
    const located = locateBoxes(
      found.findings.map((one, n) => ({
        ...one,
        image: collection.images[n].info,
        canonicalToImage: one.box === null ? null : squareAround(one.box),
      })),
      request.kept,
    );
    const curves = [{ title: 'Learning the localiser', x: 'step', y: 'loss', values: found.losses }];
    const figures = { objectSize: found.object.objectSize, separation: found.object.separation };
    const notes = found.modelReason === undefined ? [] : [`No localiser was written: ${found.modelReason}.`];
    const { images, failures } = collection;
    return { images, failures, family: 'attention', located, model: found.model, curves, figures, notes };
  } finally {
    await encoder.dispose();
  }
}
