import type { DemoCollection, DemoReport } from './data.ts';
import { html, relativeLink, type Html } from './html.ts';
import { flipPair, opening } from './opening.ts';
import { cards } from './sheet.ts';
import { recipe } from './tables.ts';

/** The body of the demonstration's summary: each collection with its means, examples and figures against the truth. */
export function demoBody(report: DemoReport): Html {
  return html`${opening(report.title, report.summary, [])}
    <main>${report.collections.map(collection)}${recipe(report.recipe)}</main>`;
}

function collection(
  { title, description, meanBefore, meanAfter, examples, figures, links }: DemoCollection,
  index: number,
): Html {
  const id = `collection-${index}`;
  const rows = figures.map(
    ({ label, before, after, unit }) =>
      html`<tr>
        <th scope="row">${label}</th>
        <td class="number">${before}</td>
        <td class="number">${after}</td>
        <td>${unit}</td>
      </tr>`,
  );
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    <p>${description}</p>
    <div class="demo">
      <div class="means">${flipPair(meanBefore, meanAfter)}</div>
      <div>
        <table class="against">
          <caption>
            Against the truth
          </caption>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col" class="number">Before</th>
              <th scope="col" class="number">After</th>
              <th scope="col"><span class="hidden">Unit</span></th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
        <p class="links">${links.map(({ href, label }) => html`<a href="${relativeLink(href)}">${label}</a>`)}</p>
      </div>
    </div>
    ${cards(examples, undefined)}
  </section>`;
}
