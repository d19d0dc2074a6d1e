import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../../core/learn/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../core/learn/checkpoint.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { trainingExamples } from '../../../../core/learn/classify/augment.ts';
import { checkModels } from '../../../../core/learn/classify/check-models.ts';
import {
  type Classified,
  classify,
  type ClassifyOptions,
  type ClassifySets,
} from '../../../../core/learn/classify/classify.ts';
import { fixExamples, plainExamples } from '../../../../core/learn/classify/examples.ts';
import { exportModels } from '../../../../core/learn/classify/export-models.ts';
import { openInspector } from '../../../../core/learn/classify/inspect.ts';
import { lookAtExamples } from '../../../../core/learn/classify/looks.ts';
import type { LearnContext, LearnEvent } from '../../../../core/learn/event.ts';
import { drawGlyphs, glyphNetwork } from '../../../support/glyph-set.ts';

const sets: ClassifySets = {
  training: trainingExamples(drawGlyphs(60, 1), 'none'),
  validation: fixExamples(plainExamples(drawGlyphs(10, 2)), createRandom(0)),
  test: fixExamples(plainExamples(drawGlyphs(20, 3)), createRandom(0)),
};

const options: ClassifyOptions = {
  network: glyphNetwork,
  defaults: { family: 'affine', learningRate: 0.5 },
  recipe: {
    epochs: 8,
    batch: 20,
    rate: 5e-3,
    schedule: 'cosine',
    warmUp: 5,
    weightDecay: 1e-3,
    labelSmoothing: 0.1,
    easing: 0.25,
    patience: 0,
  },
};

async function learned(
  context: Partial<LearnContext> = {},
  asked: ClassifyOptions = options,
  onEvent: (event: LearnEvent) => void = () => undefined,
): Promise<Classified> {
  const events = classify(sets, asked, { seed: 3, threads: 1, ...context });
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    onEvent(next.value);
  }
}

describe('classify', () => {
  it('learns glyphs; the same seed gives the same numbers, also when it goes on from a checkpoint', async () => {
    const states: Checkpoint[] = [];
    const whole = await learned({}, options, (event) => event.kind === 'checkpoint' && states.push(event.state));
    expect(whole.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(whole.test.wrong / 60).toBeLessThan(0.25);
    expect(states).toHaveLength(9);
    const resume = decodeCheckpoint(encodeCheckpoint(states[3]));
    const again = await learned({ resume });
    expect(again.parameters).toEqual(whole.parameters);
    expect(again.epochs).toEqual(whole.epochs);
    expect(again.losses).toEqual(whole.losses);
    expect(again.keptEpoch).toBe(whole.keptEpoch);
  });

  it('keeps the best epoch and ends early when validation gets no better', async () => {
    const recipe = { ...options.recipe, rate: 1e-30, warmUp: 0, epochs: 30, patience: 2 };
    const found = await learned({}, { ...options, recipe });
    expect(found.stoppedEarly).toBe(true);
    expect(found.keptEpoch).toBe(0);
    expect(found.epochs).toHaveLength(3);
  });

  it('does not move a transformer whose learning rate is 0', async () => {
    const still = { ...options, defaults: { ...options.defaults, learningRate: 0 } };
    const found = await learned({}, { ...still, recipe: { ...still.recipe, epochs: 2 } });
    expect(found.parameters['transformer.2.weight']).toEqual(found.network.initial['transformer.2.weight']);
    expect(found.parameters['scores.1.weight']).not.toEqual(found.network.initial['scores.1.weight']);
    const [before, after] = [found.epochs[0], found.epochs[2]].map(({ theta }) => theta['transformer'].mean);
    expect(after).toEqual(before);
  });

  it('spreads a share of each label over all classes', async () => {
    /* No loss can be below the entropy of labels of 0.8, 0.1, 0.1; those of one 1 have none. */
    const entropy = -(0.8 * Math.log(0.8) + 2 * 0.1 * Math.log(0.1));
    const lossesAt = async (labelSmoothing: number) =>
      (await learned({}, { ...options, recipe: { ...options.recipe, labelSmoothing } })).losses;
    expect(Math.min(...(await lossesAt(0.3)))).toBeGreaterThan(entropy - 1e-5);
    expect(Math.min(...(await lossesAt(0)))).toBeLessThan(entropy);
  });

  it('stops when asked to', async () => {
    const cancellation = new AbortController();
    const ended = learned({ signal: cancellation.signal }, options, () => {
      cancellation.abort();
    });
    await expect(ended).rejects.toThrow();
  });

  it('writes models that say the same in sessions of their own, and refuses those that do not', async () => {
    const found = await learned({}, { ...options, recipe: { ...options.recipe, epochs: 2 } });
    const inspector = await openInspector(found.network, { threads: 1 });
    const models = exportModels(found.network, found.parameters, sets.test.classes);
    expect(models.map(({ name }) => name)).toEqual([
      'classifier.onnx',
      'transformer.onnx',
      'transformer-localisation.onnx',
    ]);
    const differences = await checkModels(models, found.network, inspector, sets.test, found.parameters);
    expect(Math.max(...Object.values(differences))).toBeLessThan(1e-4);
    const strange = exportModels(found.network, found.network.initial, sets.test.classes);
    await expect(checkModels(strange, found.network, inspector, sets.test, found.parameters)).rejects.toMatchObject({
      code: 'model-invalid',
    });
    const looking = {
      network: found.network,
      inspector,
      examples: sets.test,
      parameters: found.parameters,
      verdict: found.test,
    };
    const [look] = await lookAtExamples([4], looking);
    expect(look).toMatchObject({ index: 4, label: sets.test.labels[4], answer: found.test.answers[4] });
    expect(look.looks[0].outline).toHaveLength(24);
    expect(look.looks[0].crop).toMatchObject({ width: 12, height: 12, channels: 1 });
    await inspector.dispose();
  });
});
