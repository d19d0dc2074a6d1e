import type { ClassifierSight } from '../../../compute/classifier/report-data.ts';
import type { ReportCurve } from '../data.ts';

/** Error and loss on the validation set by epoch; nothing where there is no validation set. */
export function epochCurves({ epochs }: ClassifierSight): readonly ReportCurve[] {
  const judged = epochs.flatMap(({ epoch, validation }) => (validation === null ? [] : [{ epoch, ...validation }]));
  if (judged.length < 2) return [];
  return [
    {
      title: 'Validation error',
      x: 'epoch',
      y: 'wrong answers (%)',
      points: judged.map(({ epoch, error }) => [epoch, 100 * error]),
    },
    {
      title: 'Validation loss',
      x: 'epoch',
      y: 'loss (cross entropy)',
      points: judged.map(({ epoch, loss }) => [epoch, loss]),
    },
  ];
}
