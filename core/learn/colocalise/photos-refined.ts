import { type Box, iou } from '../../geometry/boxes.ts';
import type { Random } from '../../geometry/random.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { float32, floats, type Tensor } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { parameterConstants } from '../../stn/layers.ts';
import { breathe } from '../breathe.ts';
import type { LearnEvent } from '../event.ts';
import { translate } from '../translate.ts';
import type { FoundObject } from './discriminative.ts';
import { measure } from './discriminative-classes.ts';
import { smoothMaps } from './discriminative-regions.ts';
import type { DescribedPhotos } from './photos-describe.ts';
import { agreedBox, type BoxNet } from './photos-net.ts';
import { refineBoxNet, refinementSteps, startRefinement } from './photos-refine.ts';
import { type SeenMaps, sightChannels } from './photos-sight.ts';
import { learnedParameters } from './train-localiser.ts';

/** A network that has learned the boxes of a search, and what it learned them from. */
export interface Distilled {
  readonly net: BoxNet;
  readonly seen: SeenMaps;
  /** In fractions of the images' sides. */
  readonly boxes: readonly Box[];
  readonly described: DescribedPhotos;
  readonly object: FoundObject;
  readonly parameters: Readonly<Record<string, Tensor>>;
}

/** Images whose boxes are worked out at once. */
const chunk = 32;
/** The refined network may agree with the search by so much less than before, in mean IoU. */
const tolerance = 0.005;

/**
 * Refines a distilled network by the shared part of its crops, and gives the parameters to be kept: the refined ones where
 * the crops have more in common than before and still show what the search has found, else the distilled ones. Without
 * labels that is all that can be said of whether it did harm.
 */
export async function* refined(
  { net, seen, boxes, described, object, parameters }: Distilled,
  random: Random,
  session: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<LearnEvent, Readonly<Record<string, Tensor>>> {
  const target = { ...described, surroundings: meanOfSurroundings(described, object) };
  const refining = refineBoxNet(net, seen, target, boxes, startRefinement(parameters), random, session);
  const state = yield* translate(refining, function* ({ step, loss, note }): Iterable<LearnEvent> {
    yield { kind: 'progress', phase: 'refine', done: step, total: refinementSteps, loss };
    if (note !== undefined) yield { kind: 'note', message: note };
  });
  const { losses } = state;
  const quarter = Math.ceil(losses.length / 4);
  const gained = meanOf(losses.slice(-quarter)) < meanOf(losses.slice(0, quarter));
  const candidate = learnedParameters(net, state);
  const [before, after] = [
    await agreement(net, parameters, seen, boxes, session),
    await agreement(net, candidate, seen, boxes, session),
  ];
  const kept = gained && after >= before - tolerance;
  const overlap = `overlap with the boxes of the search ${before.toFixed(3)}, then ${after.toFixed(3)}`;
  yield {
    kind: 'note',
    message: kept
      ? `The localiser was refined by what its crops share (${overlap}).`
      : `Refining the localiser by what its crops share brought nothing (${overlap}); it stays as it was.`,
  };
  return kept ? candidate : parameters;
}

/** Mean description of the cells below the threshold, `[channels]`. */
function meanOfSurroundings({ maps }: DescribedPhotos, { direction, threshold }: FoundObject): Float32Array {
  const measured = smoothMaps(measure(maps, direction), maps.rows, maps.columns);
  const sum = new Float64Array(maps.channels);
  let count = 0;
  for (const [i, value] of measured.entries()) {
    if (value > threshold) continue;
    count += 1;
    for (let c = 0; c < maps.channels; c++) sum[c] += maps.data[i * maps.channels + c];
  }
  return Float32Array.from(sum, (value) => value / Math.max(1, count));
}

/** Mean IoU of a network's boxes with those of the search. */
async function agreement(
  net: BoxNet,
  parameters: Readonly<Record<string, Tensor>>,
  seen: SeenMaps,
  boxes: readonly Box[],
  session: SessionOptions & { readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const { rows, columns } = seen.lattice;
  const g = new GraphBuilder();
  const maps = g.input('maps', [1, sightChannels, rows, columns], 'float32', { 0: 'n' });
  g.output('edges', agreedBox(g, net.apply(g, maps, parameterConstants(g, parameters))).edges, { 0: 'n' });
  const opened = await openSession(g.build(), session);
  const each = sightChannels * rows * columns;
  let sum = 0;
  try {
    for (let from = 0; from < boxes.length; from += chunk) {
      const part = boxes.slice(from, from + chunk);
      const fed = seen.data.subarray(from * each, (from + part.length) * each);
      const { edges } = await opened.run({ maps: float32(fed, [part.length, sightChannels, rows, columns]) });
      const said = floats(edges);
      for (const [n, box] of part.entries()) {
        const [xmin, ymin, xmax, ymax] = Array.from(said.subarray(4 * n, 4 * n + 4), (value) => (value + 1) / 2);
        sum += iou({ xmin, ymin, xmax, ymax }, box);
      }
      await breathe(session.signal);
    }
  } finally {
    await opened.dispose();
  }
  return sum / Math.max(1, boxes.length);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
