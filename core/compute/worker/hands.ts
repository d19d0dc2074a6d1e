import type { Hands } from '../job.ts';
import type { JobStart } from '../protocol.ts';

/**
 * Keeps track of the images in hand and tells them: at once when one is taken up, soon when one is laid down.
 *
 * @param tell - must have passed the message on when it returns
 */
export function createHands(
  { suspects, quarantined }: Pick<JobStart, 'suspects' | 'quarantined'>,
  tell: (files: readonly string[]) => void,
): Hands {
  const held = new Map<string, number>();
  const suspected = new Set(suspects);
  const reasons = new Map(quarantined);
  let telling: NodeJS.Immediate | undefined;
  const now = () => {
    clearImmediate(telling);
    telling = undefined;
    tell([...held.keys()]);
  };
  return {
    begin: (image) => {
      held.set(image, (held.get(image) ?? 0) + 1);
      now();
    },
    end: (image) => {
      const left = (held.get(image) ?? 1) - 1;
      if (left > 0) held.set(image, left);
      else held.delete(image);
      telling ??= setImmediate(now);
    },
    isSuspect: (image) => suspected.has(image),
    whyQuarantined: (image) => reasons.get(image),
  };
}
