import type { Job } from './job.ts';
import type { JobKind, Jobs } from './job-kinds.ts';

/** How a kind of job is loaded. Only what a worker is asked for is loaded into it. */
export type JobTable<Kinds extends { [Kind in keyof Kinds]: { request: unknown; result: unknown } }> = {
  readonly [Kind in keyof Kinds]: () => Promise<Job<Kinds[Kind]['request'], Kinds[Kind]['result']>>;
};

/** Every kind of job with the function that does it. Workers alone import this. */
export const jobs = {
  find: async () => (await import('./find.ts')).findObject,
  align: async () => (await import('./align.ts')).alignJointly,
  apply: async () => (await import('./apply.ts')).applyTransformer,
  learn: async () => (await import('./learn.ts')).learnClassifier,
  export: async () => (await import('./export.ts')).exportCrops,
  pictures: async () => (await import('./pictures.ts')).renderPictures,
  samples: async () => (await import('./samples.ts')).drawSamples,
  'demo picture': async () => (await import('./demo-picture.ts')).demoPicture,
  card: async () => (await import('./pictures.ts')).cardOf,
  'choose provider': async () => (await import('./provider.ts')).chooseComputing,
  import: async () => (await import('./import.ts')).importImages,
  'look at': async () => (await import('./import.ts')).lookAt,
  preview: async () => (await import('./preview.ts')).renderPreview,
  'warp picture': async () => (await import('./warp-picture.ts')).renderWarpPicture,
  tiles: async () => (await import('./tiles.ts')).tilesOf,
  'group images': async () => (await import('./group-images.ts')).groupImages,
  'missing parts': async () => (await import('./parts.ts')).missingParts,
  'list providers': async () => (await import('./providers.ts')).listProviders,
  'probe provider': async () => (await import('./providers.ts')).probe,
  'check network': async () => (await import('./classifier/check-network.ts')).checkNetwork,
  'check features': async () => {
    const { checkFeatures } = await import('./features.ts');
    return async ({ features, use }) => {
      await checkFeatures(features, use);
      return undefined;
    };
  },
  'inspect model': async () => (await import('./inspect-model.ts')).reportModel,
  'check transformer': async () => {
    const { checkTransformer } = await import('./apply.ts');
    return async (request) => {
      await checkTransformer(request);
      return undefined;
    };
  },
} satisfies JobTable<Pick<Jobs, JobKind>>;
