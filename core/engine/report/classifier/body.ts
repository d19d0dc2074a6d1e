import type { ClassifierReport, ReportFigure } from '../data.ts';
import { html, type Html } from '../html.ts';
import { formatCount, formatNumber } from '../numbers.ts';
import { contents, opening } from '../opening.ts';
import { curves } from '../plots.ts';
import { failures, recipe } from '../tables.ts';
import { confusion } from './confusion.ts';
import { epochCurves } from './epoch-curves.ts';
import { exampleCards } from './examples.ts';
import { transformers } from './transformers.ts';

/** The page of a trained classifier. */
export function classifierBody(report: ClassifierReport): Html {
  const { sight } = report;
  const parts = [
    ['confusion', 'Confusion', confusion(sight)] as const,
    ['errors', 'Worst errors', worstErrors(report)] as const,
    ...(sight.transformers.length > 0
      ? [
          ['typical', 'Where it looks', typical(report)] as const,
          ['transformers', 'Transformers', transformers(sight)] as const,
        ]
      : []),
    ['training', 'Learning', curves([...report.curves, ...epochCurves(sight)])] as const,
    ...(report.failures.length > 0 ? [['failures', 'Files left out', failures(report.failures)] as const] : []),
    ['recipe', 'Recipe', recipe(report.recipe)] as const,
  ];
  return html`${opening(report.title, summaryOf(report), figuresOf(report))}
    ${contents(parts.map(([id, label]) => [id, label]))}
    <main>${parts.map(([, , section]) => section)}</main>`;
}

function summaryOf({ sight }: ClassifierReport): string {
  const { wrong, low, high } = sight.testError;
  const inside = sight.transformers.length;
  const net =
    inside === 0
      ? 'A classifier without a transformer'
      : `A classifier with ${formatCount(inside, 'transformer')} inside`;
  return (
    `${net} was trained on ${formatCount(sight.counts.training, 'example')} of ${formatNumber(sight.classes.length, 0)} classes. ` +
    `It answers ${formatNumber(wrong, 0)} of ${formatCount(sight.counts.test, 'test example')} wrongly: ` +
    `the true error lies between ${percent(low)} and ${percent(high)} % with 95 % confidence.`
  );
}

function figuresOf({ sight }: ClassifierReport): readonly ReportFigure[] {
  const last = sight.epochs.at(-1)?.epoch ?? 0;
  return [
    { label: 'Test error', value: percent(sight.testError.share), unit: '%' },
    { label: '95 % interval', value: `${percent(sight.testError.low)} – ${percent(sight.testError.high)}`, unit: '%' },
    { label: 'Test loss', value: formatNumber(sight.testLoss, 3) },
    { label: 'Epoch kept', value: `${sight.keptEpoch} of ${last}` },
    { label: 'Parameters', value: formatNumber(sight.parameterCount, 0) },
  ];
}

function percent(share: number): string {
  return formatNumber(100 * share, 2);
}

function worstErrors({ sight }: ClassifierReport): Html {
  const { worst, testError } = sight;
  const words =
    worst.length === 0
      ? 'Every test example was answered rightly.'
      : `The ${worst.length} of ${formatCount(testError.wrong, 'wrong answer')} in which the true class got the least probability, worst first.`;
  return html`<section id="errors" aria-labelledby="errors-title">
    <h2 id="errors-title">Worst errors</h2>
    <p>${words}</p>
    ${exampleCards(worst)}
  </section>`;
}

function typical({ sight }: ClassifierReport): Html {
  return html`<section id="typical" aria-labelledby="typical-title">
    <h2 id="typical-title">Where it looks</h2>
    <p>
      The first test examples of each class, with the frame that each transformer cut out, and beside them what it
      passed on. The tick marks the upper edge of a frame.
    </p>
    ${exampleCards(sight.typical)}
  </section>`;
}
