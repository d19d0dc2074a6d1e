import { colocalise } from '../learn/colocalise/colocalise.ts';
import type { ColocaliseResult } from '../learn/colocalise/colocalise.ts';
import type { LearnContext } from '../learn/event.ts';
import { readCollection, relay, resumeState } from './collection.ts';
import { builtInFeatures } from './features.ts';
import { thetaToPixels } from './frames.ts';
import { findInPhotos } from './find-photos.ts';
import type { FindRequest } from './find-request.ts';
import type { JobContext, JobMessage } from './job.ts';
import type { Learned } from './learned.ts';
import { locateBoxes } from './locate-box.ts';

const workSide = 256;

/** Co-localisation of a collection: with the built-in gradients, or with an encoder for photos. */
export async function* findObject(request: FindRequest, context: JobContext): AsyncGenerator<JobMessage, Learned> {
  if (request.features !== builtInFeatures) return yield* findInPhotos(request, context);
  const { files, objectSize, objective, net, allowDamaged } = request;
  const collection = yield* readCollection({ files, maxSide: workSide, allowDamaged }, context);
  const { seed, signal, threads, provider } = context;
  const resume = resumeState(context.resume, collection.fingerprint);
  const learning: LearnContext = { seed, signal, threads, provider, resume, optimise: request.optimise };
  const found = yield* relay(colocalise(collection.work, { objectSize, objective, net }, learning), collection);
  const { figures, method, methodReason, losses, model } = found;
  const { images, failures } = collection;
  return {
    ...{ images, failures },
    family: 'attention',
    located: locateBoxes(
      found.images.map((one, n) => {
        const image = collection.images[n].info;
        return { ...one, image, canonicalToImage: one.theta === null ? null : thetaToPixels(one.theta, image) };
      }),
      request.kept,
    ),
    model,
    curves: [{ title: 'Localisation network', x: 'step', y: 'loss (−log of the shared energy)', values: losses }],
    figures: {
      method,
      'network and search agree': figures.agreement,
      'localiser.onnx and run agree (mean IoU)': figures.modelAgreement,
      'object size (share of area)': figures.objectSize,
    },
    notes: notesOf({ method, methodReason }, figures.agreement),
  };
}

function notesOf(
  { method, methodReason }: Pick<ColocaliseResult, 'method'> & { readonly methodReason?: string | undefined },
  agreement: number,
): readonly string[] {
  if (method === 'search')
    return [`The boxes come from the search, not from the network: ${methodReason ?? 'it explains more'}.`];
  if (agreement < 0.8)
    return [
      `Network and search agree in only ${Math.round(100 * agreement)} % of the images: look at the boxes before using them.`,
    ];
  return [];
}
