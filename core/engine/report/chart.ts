import { linearAxis, type Axis } from './axis.ts';
import { html, readableName, type Html } from './html.ts';
import { coordinate, formatNumber } from './numbers.ts';

/** Words of a chart. */
export interface ChartWords {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** What a reader who cannot see the chart should know. */
  readonly summary: string;
}

/** One mark of a scatter chart. */
export interface ChartMark {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  /** Set apart by shape, not by colour alone. */
  readonly doubtful: boolean;
}

const size = { width: 520, height: 300 };
const inner = { left: 64, top: 12, right: 508, bottom: 252 };
const mostPoints = 400;

/** A curve with its axes; pointing at it reads values. `band` has the lower and upper end of a range at each point. */
export function lineChart(
  words: ChartWords,
  points: readonly (readonly [number, number])[],
  band: readonly (readonly [low: number, high: number])[] = [],
): Html {
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const x = linearAxis(
    finite.map((point) => point[0]),
    inner.left,
    inner.right,
    9,
  );
  const y = linearAxis([...finite.map((point) => point[1]), ...band.flat()], inner.bottom, inner.top, 7);
  const stride = Math.max(1, Math.ceil(finite.length / mostPoints));
  const kept = finite.filter((_, index) => index % stride === 0 || index === finite.length - 1);
  const path = kept.map(([px, py]) => `${coordinate(x.toLength(px))},${coordinate(y.toLength(py))}`).join(' ');
  const marks = kept.map(
    ([px, py]) =>
      html`<circle
        cx="${coordinate(x.toLength(px))}"
        cy="${coordinate(y.toLength(py))}"
        r="4"
        class="probe"
        data-note="${`${words.x} ${formatNumber(px, 0)}: ${formatValue(py)}`}"
      />`,
  );
  const edge = (end: 0 | 1): string[] =>
    band.map((range, n) => `${coordinate(x.toLength(points[n][0]))},${coordinate(y.toLength(range[end]))}`);
  const area =
    band.length < 2
      ? undefined
      : html`<polygon points="${[...edge(0), ...edge(1).reverse()].join(' ')}" class="band" />`;
  return frame(words, x, y, html`${area}<polyline points="${path}" class="curve" />${marks}`);
}

/** Named points with their axes; pointing at one tells its name. */
export function scatterChart(words: ChartWords, marks: readonly ChartMark[]): Html {
  const x = linearAxis(
    marks.map((mark) => mark.x),
    inner.left,
    inner.right,
    9,
  );
  const y = linearAxis(
    marks.map((mark) => mark.y),
    inner.bottom,
    inner.top,
    7,
  );
  const doubtfulOnTop = marks.toSorted((a, b) => Number(a.doubtful) - Number(b.doubtful));
  const drawn = doubtfulOnTop.map((mark) => {
    const cx = x.toLength(mark.x);
    const cy = y.toLength(mark.y);
    const note = `${readableName(mark.name)}: ${words.x} ${formatValue(mark.x)}, ${words.y} ${formatValue(mark.y)}`;
    return mark.doubtful
      ? html`<path
          d="M${coordinate(cx)} ${coordinate(cy - 5)}l5 5-5 5-5-5z"
          class="doubtful-mark"
          data-note="${note}"
        />`
      : html`<circle cx="${coordinate(cx)}" cy="${coordinate(cy)}" r="3.5" class="mark" data-note="${note}" />`;
  });
  return frame(words, x, y, html`${drawn}`);
}

function frame(words: ChartWords, x: Axis, y: Axis, content: Html): Html {
  const columns = x.ticks.map(({ value, text }) => {
    const at = coordinate(x.toLength(value));
    return html`<line x1="${at}" x2="${at}" y1="${inner.top}" y2="${inner.bottom}" class="grid" /><text
        x="${at}"
        y="${inner.bottom + 18}"
        text-anchor="middle"
        >${text}</text
      >`;
  });
  const rows = y.ticks.map(({ value, text }) => {
    const at = coordinate(y.toLength(value));
    return html`<line x1="${inner.left}" x2="${inner.right}" y1="${at}" y2="${at}" class="grid" /><text
        x="${inner.left - 8}"
        y="${at}"
        dy="4"
        text-anchor="end"
        >${text}</text
      >`;
  });
  const middleX = (inner.left + inner.right) / 2;
  const middleY = (inner.top + inner.bottom) / 2;
  return html`<figure class="chart">
    <figcaption>${words.title}</figcaption>
    <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${words.summary}">
      <g aria-hidden="true">
        ${columns}${rows}
        <text x="${middleX}" y="${size.height - 8}" text-anchor="middle" class="axis">${words.x}</text>
        <text transform="translate(14 ${middleY}) rotate(-90)" text-anchor="middle" class="axis">${words.y}</text>
        ${content}
      </g>
    </svg>
    <p class="readout" aria-live="polite"></p>
  </figure>`;
}

/** Four significant digits, without an exponent for numbers of everyday size. */
function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2);
  const digits = size === 0 ? 0 : Math.max(0, Math.min(5, 3 - Math.floor(Math.log10(size))));
  return formatNumber(value, digits);
}
