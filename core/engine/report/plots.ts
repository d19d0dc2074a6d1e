import { boxArea, boxOfPoints } from '../../geometry/boxes.ts';
import { lineChart, scatterChart, type ChartMark } from './chart.ts';
import type { CollectionReport, ReportImage } from './data.ts';
import { html, type Html } from './html.ts';
import { formatCount, formatNumber } from './numbers.ts';

/** The curves of the training. */
export function curves(all: CollectionReport['curves']): Html {
  const charts = all.map(({ title, x, y, points }) => {
    const [first, last] = [points.at(0), points.at(-1)];
    const course = first && last ? `, from ${formatNumber(first[1], 3)} to ${formatNumber(last[1], 3)}` : '';
    const summary = `${title}: ${y} over ${formatCount(points.length, 'point')}${course}`;
    return lineChart({ title, x, y, summary }, points);
  });
  return html`<section id="training" aria-labelledby="training-title">
    <h2 id="training-title">Learning</h2>
    <div class="charts">${charts}</div>
  </section>`;
}

/** Where the transforms lie: outliers are worth a look. */
export function poses(report: CollectionReport): Html {
  const align = report.kind === 'align';
  return html`<section id="poses" aria-labelledby="poses-title">
    <h2 id="poses-title">${align ? 'Poses' : 'Boxes'}</h2>
    <p>
      ${align ? 'How each image had to be moved' : 'Where the object was found'}. Each mark is an image; diamonds are
      worth a look. Point at a mark, or use the arrow keys, to read its name.
    </p>
    <div class="charts">${align ? poseCharts(report.images) : boxCharts(report)}</div>
  </section>`;
}

function poseCharts(images: readonly ReportImage[]): Html {
  const marks = (read: (pose: NonNullable<ReportImage['pose']>) => readonly [number, number]): ChartMark[] =>
    images.flatMap(({ file, status, pose }) => {
      if (pose === undefined) return [];
      const [x, y] = read(pose);
      return [{ x, y, name: pose.mirrored ? `${file} (mirrored)` : file, doubtful: status !== 'good' }];
    });
  const turned = marks(({ angle, scale }) => [angle, scale]);
  const shifted = marks(({ shiftX, shiftY }) => [shiftX, shiftY]);
  return html`${scatterChart({ title: 'Rotation and scale', x: 'angle (°)', y: 'scale (×)', summary: summarise('Angle against scale', turned) }, turned)}
  ${scatterChart({ title: 'Shift', x: 'shift x (px)', y: 'shift y (px)', summary: summarise('Shift in x against shift in y', shifted) }, shifted)}`;
}

function boxCharts({ images, signals, orderBy }: CollectionReport): Html {
  const found = images.flatMap((image) => {
    if (image.outline === undefined || image.outline.length === 0) return [];
    return [{ ...image, box: boxOfPoints(image.outline) }];
  });
  const centres = found.map(({ file, status, width, height, box }) => ({
    x: (50 * (box.xmin + box.xmax)) / width,
    y: (50 * (box.ymin + box.ymax)) / height,
    name: file,
    doubtful: status !== 'good',
  }));
  const signal = signals.find(({ key }) => key === orderBy);
  const sizes = found.flatMap(({ file, status, width, height, box, signals: values }) => {
    const y = values[orderBy] as number | undefined;
    const x = 100 * Math.sqrt(boxArea(box) / (width * height));
    return y === undefined ? [] : [{ x, y, name: file, doubtful: status !== 'good' }];
  });
  const score = signal === undefined ? 'score' : signal.label.toLowerCase();
  return html`${scatterChart({ title: 'Centre', x: 'x (% of width)', y: 'y (% of height)', summary: summarise('Centres of the boxes', centres) }, centres)}
  ${scatterChart({ title: 'Size and score', x: 'side (% of image side)', y: score, summary: summarise(`Box size against ${score}`, sizes) }, sizes)}`;
}

function summarise(title: string, marks: readonly ChartMark[]): string {
  const range = (values: readonly number[]): string =>
    `${formatNumber(Math.min(...values), 1)} to ${formatNumber(Math.max(...values), 1)}`;
  if (marks.length === 0) return `${title}: no values`;
  return `${title}, ${formatCount(marks.length, 'image')}: x from ${range(marks.map(({ x }) => x))}, y from ${range(marks.map(({ y }) => y))}`;
}
