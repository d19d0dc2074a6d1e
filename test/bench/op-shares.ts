import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colocalise } from '../../core/learn/colocalise/colocalise.ts';
import { congeal } from '../../core/learn/congeal/congeal.ts';
import { median } from '../../core/learn/congeal/scores.ts';
import type { LearnEvent } from '../../core/learn/event.ts';
import { profileInto, readProfiles } from '../../core/runtime/profile.ts';
import { numberOption } from '../support/bench-options.ts';
import { drawPatternSet } from '../support/pattern-images.ts';
import { drawPosedBeetles } from '../support/posed-beetles.ts';

/** Shares below this are left out. */
const leastShare = 0.01;

/**
 * A training step of the co-localisation network and a joint step of the alignment, on drawn images: milliseconds, and the
 * share of each op in ONNX Runtime's own count of the time.
 *
 * Arguments: `--images N` (24), `--threads N` (2), `--seed N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const count = numberOption(args, '--images') ?? 24;
  const context = { seed: numberOption(args, '--seed') ?? 1, threads: numberOption(args, '--threads') ?? 2 };
  const { images } = drawPatternSet({ seed: 5, count });
  const finding = colocalise(images, { objectSize: 'auto', objective: 'gain', net: 'heat-map' }, context);
  /* Counted from the end of the search on: only what trains is opened then. */
  emit({ step: 'co-localisation', images: count, ...context, ...(await follow(finding, 'learn', 'search')) });
  const works = drawPosedBeetles(count, 7, 0.6).map(({ image }) => image);
  const aligning = congeal(works, { family: 'affine', rotation: 30, mirror: false }, context);
  emit({ step: 'alignment', images: count, ...context, ...(await follow(aligning, 'refine')) });
}

/**
 * Follows a learner to its end: the median time between two steps of a phase, and the shares of ops in sessions opened
 * after another phase (all of them without one).
 */
async function follow(
  learning: AsyncGenerator<LearnEvent, unknown>,
  phase: string,
  after?: string,
): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'congeal-profile-'));
  const times: number[] = [];
  let last: number | undefined;
  if (after === undefined) profileInto(folder);
  try {
    for (;;) {
      const { done, value } = await learning.next();
      if (done === true) break;
      const now = performance.now();
      if (value.kind !== 'progress') continue;
      if (value.phase === after) profileInto(folder);
      if (value.phase === phase && last !== undefined) times.push(now - last);
      last = value.phase === phase ? now : undefined;
      if (value.phase === phase && after !== undefined) profileInto(undefined);
    }
    const ops = readProfiles(folder).filter(({ share }) => share >= leastShare);
    const shares = Object.fromEntries(ops.map(({ op, share }) => [op, Number(share.toFixed(3))]));
    return { milliseconds: median(times), counted: times.length, shares };
  } finally {
    profileInto(undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}
