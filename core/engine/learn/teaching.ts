import type { LearnRequest } from '../../compute/classifier/learn-request.ts';
import type { LearnOptions } from '../../contract/options.ts';

/** What the job is told besides the examples and the network. */
export function teachingOf({
  family,
  transformerRate,
  augment,
  validation,
  testShare,
  size,
  allowDamaged,
  optimise,
  ...rest
}: Omit<LearnOptions, 'net' | 'out' | 'force' | 'resume'>): Omit<LearnRequest, 'source' | 'network'> {
  const { epochs, batch, rate, schedule, warmUp, weightDecay, labelSmoothing, easing, patience } = rest;
  return {
    ...{ family, transformerRate, augment, validation, testShare, size, allowDamaged, optimise },
    recipe: { epochs, batch, rate, schedule, warmUp, weightDecay, labelSmoothing, easing, patience },
  };
}
