import { loadEncoder } from '../features/encoder.ts';
import { colocalisePhotos, photoSide } from '../learn/colocalise/photos.ts';
import type { LearnContext } from '../learn/event.ts';
import { readCollection, relay, resumeState } from './collection.ts';
import type { FindRequest } from './find-request.ts';
import { measuresOf, squareAround } from './frames.ts';
import type { JobContext, JobMessage } from './job.ts';
import type { Learned, Located } from './learned.ts';
import { lowOutliers } from './outliers.ts';

/** Co-localisation of photos with an encoder: discriminative search on its maps, then the network that learns from it. */
export async function* findInPhotos(request: FindRequest, context: JobContext): AsyncGenerator<JobMessage, Learned> {
  const { files, objectSize, allowDamaged, features } = request;
  const { seed, signal, threads } = context;
  const encoder = await loadEncoder(features, { threads });
  try {
    const collection = yield* readCollection({ files, maxSide: photoSide, allowDamaged }, context);
    const resume = resumeState(context.resume, collection.fingerprint);
    const learning: LearnContext = { seed, signal, threads, resume };
    const found = yield* relay(
      colocalisePhotos(collection.work, encoder, { objectSize }, learning),
      collection.fingerprint,
    );
    const flagged = lowOutliers(found.findings.map(({ score }) => score));
    const located = found.findings.map(({ id, box, score, reason }, n): Located => {
      if (box === null)
        return { id, status: 'missing', reason, canonicalToImage: null, box, mirrored: false, scores: {} };
      const canonicalToImage = squareAround(box);
      return {
        id,
        status: flagged[n] ? 'flagged' : 'ok',
        reason: flagged[n] ? 'what the box shows is less like the others' : undefined,
        canonicalToImage,
        box,
        mirrored: false,
        scores: { confidence: score, ...measuresOf(canonicalToImage, collection.images[n].info) },
      };
    });
    const curves = [{ title: 'Learning the localiser', x: 'step', y: 'loss', values: found.losses }];
    const figures = { objectSize: found.object.objectSize, separation: found.object.separation };
    const notes = found.modelReason === undefined ? [] : [`No localiser was written: ${found.modelReason}.`];
    return { ...collection, family: 'attention', located, model: found.model, curves, figures, notes };
  } finally {
    await encoder.dispose();
  }
}
