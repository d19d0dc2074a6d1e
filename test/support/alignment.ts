import type { FeatureExtractor } from '../../core/features/feature-maps.ts';
import type { WorkImage } from '../../core/features/work-image.ts';
import { congeal } from '../../core/learn/congeal/congeal.ts';
import type { CongealOptions } from '../../core/learn/congeal/options.ts';
import type { CongealResult } from '../../core/learn/congeal/result.ts';
import type { Checkpoint } from '../../core/learn/checkpoint.ts';

/** A finished alignment and what it took. */
export interface TimedAlignment {
  readonly result: CongealResult;
  readonly seconds: number;
  /** Seconds by phase. */
  readonly stages: Record<string, number>;
  readonly checkpoints: readonly Checkpoint[];
  /** Longest time in seconds between two events. */
  readonly longestSilence: number;
}

/** How to run an alignment. */
export interface RunSettings {
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly resume?: Checkpoint;
  readonly extractor?: FeatureExtractor | undefined;
  readonly signal?: AbortSignal;
}

/** Runs a joint alignment to its end and keeps the time. */
export async function runCongeal(
  images: readonly WorkImage[],
  options: CongealOptions,
  { extractor, ...context }: RunSettings,
): Promise<TimedAlignment> {
  const started = performance.now();
  const stages: Record<string, number> = {};
  const checkpoints: Checkpoint[] = [];
  let [last, longest] = [started, 0];
  const learning = congeal(images, options, context, extractor);
  for (;;) {
    const step = await learning.next();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    if (step.done === true) {
      for (const phase of Object.keys(stages)) stages[phase] = Math.round(stages[phase] / 100) / 10;
      return {
        result: step.value,
        seconds: Math.round((now - started) / 10) / 100,
        stages,
        checkpoints,
        longestSilence: longest / 1000,
      };
    }
    if (step.value.kind === 'checkpoint') checkpoints.push(step.value.state);
    else if (step.value.kind === 'progress') stages[step.value.phase] = (stages[step.value.phase] ?? 0) + now - last;
    last = now;
  }
}
