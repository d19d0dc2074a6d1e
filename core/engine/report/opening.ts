import type { CollectionReport, ReportFigure, ReportPicture } from './data.ts';
import { picture } from './frame-picture.ts';
import { html, readableName, type Html } from './html.ts';

/** The page's head: name, outcome, headline figures. */
export function opening(title: string, summary: string, figures: readonly ReportFigure[]): Html {
  const items = figures.map(
    ({ label, value, unit }) =>
      html`<div>
        <dt>${label}</dt>
        <dd>${value}${unit === undefined ? undefined : html`<small> ${unit}</small>`}</dd>
      </div>`,
  );
  return html`<header>
    <h1><bdi>${readableName(title)}</bdi></h1>
    <p class="lead">${readableName(summary)}</p>
    ${figures.length === 0 ? undefined : html`<dl class="figures">${items}</dl>`}
  </header>`;
}

/** Links to the sections of the page. */
export function contents(sections: readonly (readonly [id: string, label: string])[]): Html {
  return html`<nav aria-label="Sections">${sections.map(([id, label]) => html`<a href="#${id}">${label}</a>`)}</nav>`;
}

/** The mean before and after, side by side or flipped in place, and the standard deviation. */
export function means(report: CollectionReport): Html {
  const { meanBefore, meanAfter, deviation } = report;
  const count = report.images.filter(({ status }) => status !== 'missing').length;
  return html`<section id="mean" aria-labelledby="mean-title">
    <h2 id="mean-title">The mean image</h2>
    <p>
      ${
        report.kind === 'align'
          ? `All ${count} images laid on top of one another, as they came and in their canonical pose. Where the mean is sharp, the images agree.`
          : `All ${count} images laid on top of one another: whole, and cut to the box found in each. What the boxes share becomes visible.`
      }
    </p>
    <div class="means">
      ${flipPair(meanBefore, meanAfter)}
      ${deviation === undefined ? undefined : meanFigure(deviation, 'Standard deviation', 'Bright where the aligned images differ', '')}
    </div>
  </section>`;
}

/** Two pictures of the same thing, with a switch that lays them over each other. */
export function flipPair(before: ReportPicture | undefined, after: ReportPicture | undefined): Html {
  const figures = html`${before === undefined ? undefined : meanFigure(before, 'Before', 'Mean of the images as they came', 'before')}${
    after === undefined ? undefined : meanFigure(after, 'After', 'Mean of what was found in each image', 'after')
  }`;
  if (before === undefined || after === undefined) return figures;
  return html`<div class="flip">
    <div class="stage">${figures}</div>
    <p class="controls">
      <button type="button" data-action="overlay" aria-pressed="false">Compare in place</button>
      <button type="button" data-action="flip" hidden>Flip</button>
    </p>
  </div>`;
}

function meanFigure(source: ReportPicture, title: string, alternative: string, role: string): Html {
  return html`<figure class="mean ${role}">
    ${picture(source, alternative)}
    <figcaption>${title}</figcaption>
  </figure>`;
}
