import type { ClassifierSight, SightPicture, SightTransformer } from '../../../compute/classifier/report-data.ts';
import type { ReportCurve } from '../data.ts';
import { lineChart } from '../chart.ts';
import { picture } from '../frame-picture.ts';
import { html, readableName, type Html } from '../html.ts';
import { formatCount, formatNumber } from '../numbers.ts';

/** Every transformer: means of its crops by class, and how its parameters drifted over training. */
export function transformers(sight: ClassifierSight): Html {
  return html`<section id="transformers" aria-labelledby="transformers-title">
    <h2 id="transformers-title">Transformers</h2>
    <p>
      The mean of what came in and of what each transformer passed on, by class: where a mean has become sharper, the
      transformer has brought the examples of a class into one pose. Below, how theta went over training.
    </p>
    <h3>Mean of the test pictures</h3>
    ${meanStrip(sight.classes, sight.meanInputs, 'test pictures')}
    ${sight.transformers.map((one) => transformerPart(one, sight))}
  </section>`;
}

function transformerPart(one: SightTransformer, sight: ClassifierSight): Html {
  return html`<h3>${one.name} <small class="hint">${one.family}, ${one.input} to ${one.output}</small></h3>
    ${meanStrip(sight.classes, one.meanCrops, `crops of ${one.name}`)}
    <div class="charts">${driftCharts(one, sight)}</div>`;
}

function meanStrip(classes: readonly string[], means: readonly (SightPicture | null)[], what: string): Html {
  return html`<ul class="strip">
    ${means.map(
      (mean, label) =>
        html`<li>
          ${mean === null ? html`<span class="none">none</span>` : picture(mean, `Mean of the ${what} of class ${readableName(classes[label])}`)}
          <small><bdi>${readableName(classes[label])}</bdi></small>
        </li>`,
    )}
  </ul>`;
}

/** One small chart per number of theta: its mean over examples, with one standard deviation on both sides. */
function driftCharts({ name, parameterNames }: SightTransformer, { epochs }: ClassifierSight): Html[] {
  return parameterNames.map((parameter, k) => {
    const spreads = epochs.map(({ epoch, theta }) => ({ epoch, spread: theta[name] }));
    const points = spreads.map(({ epoch, spread }): [number, number] => [epoch, spread.mean[k]]);
    const band = spreads.map(({ spread }): [number, number] => [
      spread.mean[k] - spread.deviation[k],
      spread.mean[k] + spread.deviation[k],
    ]);
    const last = spreads.at(-1)?.spread;
    const end =
      last === undefined ? '' : `, at the end ${formatNumber(last.mean[k], 3)} ± ${formatNumber(last.deviation[k], 3)}`;
    const curve: ReportCurve = { title: `${name}: ${parameter}`, x: 'epoch', y: 'mean ± deviation', points };
    const summary = `${curve.title} over ${formatCount(points.length, 'epoch')}${end}`;
    return lineChart({ ...curve, summary }, points, band);
  });
}
