import { describe, expect, it } from 'vitest';
import { networkDescription } from '../../../../core/contract/network.ts';
import { settledNetwork } from '../../../../core/engine/learn/settled-network.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { compileNetwork } from '../../../../core/stn/network/compile-network.ts';

const look = { kind: 'transformer', localisation: [{ kind: 'dense', units: 3 }] };
const network = networkDescription.parse({
  version: 1,
  description: 'Four that look.',
  layers: [
    look,
    { ...look, name: 'mine', family: 'translation', learningRate: 0 },
    { kind: 'parallel', branches: [[look], [{ ...look, family: 'similarity' }]] },
  ],
});

describe('settledNetwork', () => {
  it('trains the same transformers under other options of the run', () => {
    const written: unknown = JSON.parse(
      JSON.stringify(settledNetwork(network, { family: 'projective', transformerRate: 0.07 })),
    );
    const transformersOf = (description: unknown, family: 'affine' | 'projective', learningRate: number) =>
      compileNetwork(networkDescription.parse(description), {
        input: [1, 20, 20],
        classes: 4,
        random: createRandom(1),
        defaults: { family, learningRate },
      }).transformers.map(({ name, family: own, learningRate: rate, transform }) => [name, own, rate, transform.start]);
    const trained = transformersOf(network, 'projective', 0.07);
    expect(transformersOf(written, 'affine', 0.3)).toEqual(trained);
    expect(trained.map(([, family, rate]) => [family, rate])).toEqual([
      ['projective', 0.07],
      ['translation', 0],
      ['projective', 0.07],
      ['similarity', 0.07],
    ]);
  });

  it('leaves everything else as it was described', () => {
    const settled = settledNetwork(network, { family: 'projective', transformerRate: 0.07 });
    expect(settled).toMatchObject({ version: 1, description: 'Four that look.', layers: [look, look, {}] });
  });
});
