import fc from 'fast-check';
import { conv, convTranspose } from '../../../core/graph/ops/convolution.ts';
import { averagePool, maxPool } from '../../../core/graph/ops/pooling.ts';
import { gridSample, resize } from '../../../core/graph/ops/sample.ts';
import { one } from './op-cases/op-case.ts';
import { holds, pairOf, size } from './op-cases/properties.ts';

const geometry = fc.record({
  kernel: pairOf(1, 3),
  strides: pairOf(1, 3),
  dilations: pairOf(1, 2),
  begins: pairOf(0, 2),
  ends: pairOf(0, 2),
  extent: pairOf(1, 5),
  group: fc.constantFrom(1, 2, 3),
  batch: fc.integer({ min: 1, max: 2 }),
  inputs: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
});

holds(
  'convolutions of any geometry',
  geometry.map(({ kernel, strides, dilations, begins, ends, extent, group, batch, inputs, outputs }) => {
    const spatial = extent.map((more, i) => (kernel[i] - 1) * dilations[i] + more);
    const options = { strides, dilations, group, pads: [...begins, ...ends] };
    return {
      name: '',
      inputs: {
        x: { shape: [batch, inputs * group, ...spatial] },
        w: { shape: [outputs * group, inputs, ...kernel] },
        b: { shape: [outputs * group] },
      },
      build: (g, { x, w, b }) => conv(g, x, w, b, options),
    };
  }),
  60,
);

holds(
  'transposed convolutions of any geometry',
  geometry.map(({ kernel, strides, dilations, begins, ends, extent, group, batch, inputs, outputs }) => {
    const reach = extent.map((count, i) => (count - 1) * strides[i] + (kernel[i] - 1) * dilations[i]);
    const cut = [...begins, ...ends].map((wanted, i) => Math.min(wanted, Math.floor(reach[i % 2] / 2)));
    const outputPadding = strides.map((step) => step - 1);
    const options = { strides, dilations, group, pads: cut, outputPadding };
    return {
      name: '',
      inputs: {
        x: { shape: [batch, inputs * group, ...extent] },
        w: { shape: [inputs * group, outputs, ...kernel] },
        b: { shape: [outputs * group] },
      },
      build: (g, { x, w, b }) => convTranspose(g, x, w, b, options),
    };
  }),
  60,
);

for (const [name, pool] of Object.entries({ maxPool, averagePool })) {
  const drawn = geometry.map(({ kernel, strides, begins, ends, extent, batch, inputs }) => {
    const pads = [...begins, ...ends].map((wanted, i) => Math.min(wanted, kernel[i % 2] - 1));
    const spatial = extent.map((more, i) => kernel[i] - 1 + more);
    return one('', [batch, inputs, ...spatial], (g, x) => pool(g, x, { kernel, strides, pads }));
  });
  holds(`${name} of any geometry`, drawn, 60);
}

holds(
  'samples of any image and grid',
  fc
    .record({
      image: fc.tuple(size, size, size, size),
      places: fc.tuple(size, size),
      paddingMode: fc.constantFrom('zeros' as const, 'border' as const, 'reflection' as const),
      alignCorners: fc.boolean(),
    })
    .map(({ image, places, paddingMode, alignCorners }) => ({
      name: '',
      inputs: { x: { shape: image }, grid: { shape: [image[0], ...places, 2], range: [-2.7, 2.7] } },
      build: (g, { x, grid }) => gridSample(g, x, grid, { paddingMode, alignCorners }),
    })),
  60,
);

holds(
  'resizing to any size',
  fc
    .record({
      image: fc.tuple(size, size, size, size),
      sizes: pairOf(1, 7),
      mode: fc.constantFrom('nearest' as const, 'linear' as const),
      coordinates: fc.constantFrom('half_pixel' as const, 'align_corners' as const, 'asymmetric' as const),
    })
    .map(({ image, sizes, mode, coordinates }) =>
      one('', image, (g, x) => resize(g, x, { sizes, axes: [2, 3], mode, coordinates })),
    ),
  60,
);
