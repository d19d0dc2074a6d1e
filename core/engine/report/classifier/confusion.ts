import type { ClassifierSight } from '../../../compute/classifier/report-data.ts';
import { html, readableName, type Html } from '../html.ts';
import { formatNumber } from '../numbers.ts';

/** Shades of the cells; each is a class of the stylesheet. */
const shades = 5;

/** The confusion matrix: rows are true classes, columns answers; the shade follows the share of the row. */
export function confusion({ classes, confusion: counts }: ClassifierSight): Html {
  const heads = classes.map((name) => html`<th scope="col" class="number"><bdi>${readableName(name)}</bdi></th>`);
  const rows = counts.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, answer) => cell(count, total, label === answer));
    const wrong = total - row[label];
    return html`<tr>
      <th scope="row"><bdi>${readableName(classes[label])}</bdi></th>
      ${cells}
      <td class="number">${total === 0 ? '–' : formatNumber((100 * wrong) / total, 1)}</td>
    </tr>`;
  });
  return html`<section id="confusion" aria-labelledby="confusion-title">
    <h2 id="confusion-title">Confusion</h2>
    <p>
      Rows are the true classes, columns the answers; right answers stand on the diagonal. The last column is the error
      of each class.
    </p>
    <div class="scroll" role="region" aria-labelledby="confusion-title" tabindex="0">
      <table class="confusion">
        <thead>
          <tr>
            <th scope="col">True class</th>
            ${heads}
            <th scope="col" class="number">Error <small>%</small></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function cell(count: number, total: number, right: boolean): Html {
  if (count === 0) return html`<td class="number ${right ? 'right' : 'none'}">${right ? '0' : '·'}</td>`;
  if (right) return html`<td class="number right">${formatNumber(count, 0)}</td>`;
  /* A tenth of a class in one wrong cell is as dark as it gets. */
  const shade = Math.min(shades, Math.max(1, Math.ceil((shades * 10 * count) / total)));
  return html`<td class="number shade-${shade}">${formatNumber(count, 0)}</td>`;
}
