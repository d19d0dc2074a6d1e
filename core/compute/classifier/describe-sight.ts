import type { Classified } from '../../learn/classify/classify.ts';
import type { FixedExamples } from '../../learn/classify/examples.ts';
import type { Inspector } from '../../learn/classify/inspect.ts';
import { wilsonInterval } from '../../learn/classify/interval.ts';
import {
  classMeans,
  type ExampleLook,
  firstOfEachClass,
  type Looking,
  lookAtExamples,
  worstErrors,
} from '../../learn/classify/looks.ts';
import type { Raster } from '../../stn/raster.ts';
import type { ClassifierSight, SightExample, SightPicture } from './report-data.ts';
import { sightPicture } from './sight-pictures.ts';

/** What is known of the sets besides the network. */
export interface SightSubject {
  readonly counts: ClassifierSight['counts'];
  readonly differences: ClassifierSight['differences'];
  /** What a test example is called. */
  readonly nameOf: (index: number) => string;
}

const mostWorst = 24;
const mostTypical = 20;

/** Looks at what a trained classifier does, and makes the pictures of its report. */
export async function describeSight(
  classified: Classified,
  test: FixedExamples,
  inspector: Inspector,
  { counts, differences, nameOf }: SightSubject,
  signal: AbortSignal,
): Promise<ClassifierSight> {
  const { network, parameters, test: verdict } = classified;
  const { classes } = test;
  const looking: Looking = { network, inspector, examples: test, parameters, verdict };
  const worst = await lookAtExamples(worstErrors(verdict, test.labels, mostWorst), looking);
  const perClass = Math.max(1, Math.min(3, Math.floor(mostTypical / classes.length)));
  const first = firstOfEachClass(test.labels, classes.length, perClass).slice(0, mostTypical);
  const typical = await lookAtExamples(first, looking);
  const means = await classMeans(looking, signal);
  const shown = (looks: readonly ExampleLook[]) => Promise.all(looks.map((look) => toSight(look, classes, nameOf)));
  return {
    classes,
    counts,
    parameterCount: network.parameterCount,
    testError: { ...wilsonInterval(verdict.wrong, test.labels.length), wrong: verdict.wrong },
    testLoss: verdict.loss,
    epochs: classified.epochs,
    keptEpoch: classified.keptEpoch,
    stoppedEarly: classified.stoppedEarly,
    confusion: confusionOf(test.labels, verdict.answers, classes.length),
    worst: await shown(worst),
    typical: await shown(typical),
    meanInputs: await pictures(means.inputs),
    transformers: await Promise.all(
      network.transformers.map(async ({ name, family, input, sampling, transform }) => ({
        name,
        family,
        input: input.join(' × '),
        output: [input[0], sampling.height, sampling.width].join(' × '),
        parameterNames: transform.parameters.map((parameter) => parameter.name),
        meanCrops: await pictures(means.crops[name]),
      })),
    ),
    differences,
  };
}

/** How often each true class (row) got each answer (column). */
function confusionOf(labels: Uint16Array, answers: Uint16Array, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [i, label] of labels.entries()) counts[label][answers[i]] += 1;
  return counts;
}

async function toSight(
  { index, label, answer, probability, answerProbability, picture, looks }: ExampleLook,
  classes: readonly string[],
  nameOf: (index: number) => string,
): Promise<SightExample> {
  return {
    name: nameOf(index),
    label: classes[label],
    answer: classes[answer],
    probability,
    answerProbability,
    picture: await sightPicture(picture),
    looks: await Promise.all(
      looks.map(async ({ transformer, outline, crop }) => ({
        transformer,
        outline: outline ?? null,
        crop: await sightPicture(crop),
      })),
    ),
  };
}

function pictures(rasters: readonly (Raster<Float32Array> | undefined)[]): Promise<(SightPicture | null)[]> {
  return Promise.all(rasters.map(async (raster) => (raster === undefined ? null : await sightPicture(raster))));
}
