import type { CollectionReport, ReportImage, ReportRecipe, ReportSignal } from './data.ts';
import { html, readableName, type Html } from './html.ts';
import { formatCount, formatNumber } from './numbers.ts';
import { worstFirst } from './order.ts';
import { statusWords } from './sheet.ts';

/** All images with all their signals; a column's head sorts by it. */
export function scores(report: CollectionReport): Html {
  const signals = poseColumns(report.images).concat(report.signals.map(signalColumn));
  const heads = signals.map(
    ({ label, unit, meaning }) =>
      html`<th scope="col" class="number">
        <button type="button" title="${meaning}">
          ${label}${unit === '' ? undefined : html` <small>${unit}</small>`}
        </button>
      </th>`,
  );
  const rows = worstFirst(report).map((image) => {
    const cells = signals.map(({ digits, read }) => {
      const value = read(image);
      return value === undefined
        ? html`<td class="number" data-value=""><span aria-label="no value">–</span></td>`
        : html`<td class="number" data-value="${value}">${formatNumber(value, digits)}</td>`;
    });
    const name = readableName(image.file);
    return html`<tr>
      <th scope="row" data-value="${name}"><bdi>${name}</bdi></th>
      <td
        data-value="${image.status}"
        ${image.reason === undefined ? undefined : html` title="${readableName(image.reason)}"`}
      >
        ${statusWords[image.status]}
      </td>
      ${cells}
    </tr>`;
  });
  const meanings = report.signals.map(
    ({ label, meaning }) =>
      html`<dt>${label}</dt>
        <dd>${meaning}</dd>`,
  );
  return html`<section id="scores" aria-labelledby="scores-title">
    <h2 id="scores-title">Scores</h2>
    <p>Several independent signals for each image, never one merged number. A click on a heading sorts.</p>
    <div class="scroll" role="region" aria-labelledby="scores-title" tabindex="0">
      <table class="scores">
        <thead>
          <tr>
            <th scope="col"><button type="button">File</button></th>
            <th scope="col"><button type="button">Status</button></th>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${meanings.length === 0 ? undefined : html`<dl class="meanings">${meanings}</dl>`}
  </section>`;
}

interface Column {
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  readonly meaning: string;
  readonly read: (image: ReportImage) => number | undefined;
}

function signalColumn({ key, label, unit, digits, meaning }: ReportSignal): Column {
  return { label, unit, digits, meaning, read: (image) => image.signals[key] };
}

function poseColumns(images: readonly ReportImage[]): Column[] {
  if (images.every(({ pose }) => pose === undefined)) return [];
  return [
    { label: 'Angle', unit: '°', digits: 1, meaning: 'Rotation, clockwise', read: ({ pose }) => pose?.angle },
    { label: 'Scale', unit: '×', digits: 3, meaning: 'Size relative to the mean', read: ({ pose }) => pose?.scale },
    { label: 'Shift x', unit: 'px', digits: 1, meaning: 'Shift to the right', read: ({ pose }) => pose?.shiftX },
    { label: 'Shift y', unit: 'px', digits: 1, meaning: 'Shift downwards', read: ({ pose }) => pose?.shiftY },
  ];
}

/** The files that could not be used, and why. */
export function failures(leftOut: CollectionReport['failures']): Html {
  const rows = leftOut.map(
    ({ file, code, reason }) =>
      html`<tr>
        <th scope="row"><bdi>${readableName(file)}</bdi></th>
        <td><code>${code}</code></td>
        <td>${readableName(reason)}</td>
      </tr>`,
  );
  return html`<section id="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">Files left out</h2>
    <p>${formatCount(rows.length, 'file')} could not be used.</p>
    <div class="scroll" role="region" aria-labelledby="failures-title" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Code</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Groups of the recipe with more entries start folded. */
const longestOpen = 16;

/** How to make the same result again. */
export function recipe(data: ReportRecipe): Html {
  const groups = data.groups.map(({ title, entries }) => {
    const list = html`<dl>
      ${entries.map(
        ([name, value]) =>
          html`<div>
            <dt>${readableName(name)}</dt>
            <dd>${readableName(value)}</dd>
          </div>`,
      )}
    </dl>`;
    if (entries.length <= longestOpen)
      return html`<div>
        <h3>${title}</h3>
        ${list}
      </div>`;
    return html`<details>
      <summary>${title} <small>${formatNumber(entries.length, 0)}</small></summary>
      ${list}
    </details>`;
  });
  return html`<section id="recipe" aria-labelledby="recipe-title">
    <h2 id="recipe-title">Recipe</h2>
    <p>The same command on the same files gives the same result.</p>
    <pre tabindex="0"><code>${readableName(data.command)}</code></pre>
    <div class="recipe">${groups}</div>
  </section>`;
}
