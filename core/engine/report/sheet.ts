import type { CollectionReport, ReportImage, ReportSignal, ReportStatus } from './data.ts';
import { framedOriginal, picture } from './frame-picture.ts';
import { html, readableName, type Html } from './html.ts';
import { formatCount, formatNumber } from './numbers.ts';
import { chooseForSheet } from './order.ts';

/** What a status is called on the page. */
export const statusWords: Readonly<Record<ReportStatus, string>> = {
  good: 'good',
  doubtful: 'look at it',
  missing: 'nothing found',
};

/** The contact sheet, worst first: each original with its frame, beside what the frame cuts out. */
export function contactSheet(report: CollectionReport): Html {
  const { worst, best } = chooseForSheet(report);
  const total = report.images.length;
  const signal = report.signals.find(({ key }) => key === report.orderBy);
  const order = signal === undefined ? 'by name' : `by ${signal.label.toLowerCase()}, worst first`;
  const shown =
    best.length === 0
      ? `${formatCount(total, 'image')} ${order}.`
      : `The ${worst.length} worst and the ${best.length} best of ${formatCount(total, 'image')} ${order}; the table below has them all.`;
  return html`<section id="images" aria-labelledby="images-title">
    <h2 id="images-title">Images</h2>
    <p>${shown} The frame is drawn on each original, the tick marks its upper edge; beside it, what it cuts out.</p>
    ${
      report.meanAfter === undefined
        ? undefined
        : html`<p class="controls">
            <button type="button" data-action="show-mean" aria-pressed="false">Show the mean in every crop</button>
            <span class="hint">or point at a crop</span>
          </p>`
    }
    ${best.length === 0 ? undefined : html`<h3>Worst</h3>`} ${cards(worst, signal)}
    ${
      best.length === 0
        ? undefined
        : html`<h3>Best</h3>
            ${cards(best, signal)}`
    }
  </section>`;
}

/** A grid of cards, one per image. */
export function cards(images: readonly ReportImage[], signal: ReportSignal | undefined): Html {
  return html`<ul class="cards">
    ${images.map((image) => card(image, signal))}
  </ul>`;
}

function card(image: ReportImage, signal: ReportSignal | undefined): Html {
  const name = readableName(image.file);
  const value = signal === undefined ? undefined : image.signals[signal.key];
  const crop =
    image.crop === undefined
      ? html`<span class="none">no crop</span>`
      : picture(image.crop, `What the frame cuts out of ${name}`);
  const facts = [
    ...(signal === undefined || value === undefined ? [] : [reading(signal, value)]),
    ...(image.status === 'good' ? [] : [html`<span class="flag">${statusWords[image.status]}</span>`]),
  ];
  return html`<li class="card">
    <div class="pair">
      ${framedOriginal(image)}
      <div class="crop">${crop}</div>
    </div>
    <p class="name" title="${name}"><bdi>${name}</bdi></p>
    ${facts.length === 0 ? undefined : html`<p class="facts">${facts}</p>`}
    ${image.reason === undefined ? undefined : html`<p class="reason">${readableName(image.reason)}</p>`}
  </li>`;
}

function reading({ label, unit, digits }: ReportSignal, value: number): Html {
  const words = unit === '' ? label.toLowerCase() : `${unit} ${label.toLowerCase()}`;
  return html`<span><b>${formatNumber(value, digits)}</b> <small>${words}</small></span>`;
}
