import { html, pictureSource, readableName, type Html } from './html.ts';
import type { ReportImage, ReportPicture } from './data.ts';
import { coordinate } from './numbers.ts';

/** How far beyond the image the drawing may reach, as a share of its longer side. */
const beyond = 0.2;

/** The original with the frame drawn on it; a tick stands on the frame's upper edge. */
export function framedOriginal(image: ReportImage): Html {
  const { width, height, outline = [], original } = image;
  const most = beyond * Math.max(width, height);
  const reach = (pick: 'x' | 'y', length: number): readonly [number, number] => {
    const values = outline.map((point) => point[pick]);
    return [Math.max(-most, Math.min(0, ...values)), Math.min(length + most, Math.max(length, ...values))];
  };
  const [left, right] = reach('x', width);
  const [top, bottom] = reach('y', height);
  const box = [left, top, right - left, bottom - top].map(coordinate).join(' ');
  const name = readableName(image.file);
  const label = outline.length === 0 ? `${name}, nothing found` : `${name} with its frame`;
  return html`<svg class="original" viewBox="${box}" role="img" aria-label="${label}">
    ${original === undefined ? html`<rect width="${width}" height="${height}" class="empty" />` : html`<image href="${pictureSource(original.source)}" width="${width}" height="${height}" preserveAspectRatio="none" />`}${outlineMarks(image)}
  </svg>`;
}

function outlineMarks({ outline = [] }: ReportImage): Html {
  if (outline.length !== 4) return html``;
  const [topLeft, topRight, bottomRight, bottomLeft] = outline;
  const path = `M${outline.map(({ x, y }) => `${coordinate(x)} ${coordinate(y)}`).join('L')}Z`;
  const x = (topLeft.x + topRight.x) / 2;
  const y = (topLeft.y + topRight.y) / 2;
  const upX = 0.1 * (x - (bottomLeft.x + bottomRight.x) / 2);
  const upY = 0.1 * (y - (bottomLeft.y + bottomRight.y) / 2);
  const tick = `M${coordinate(x)} ${coordinate(y)}l${coordinate(upX)} ${coordinate(upY)}`;
  return html`<path d="${path}${tick}" class="frame-halo" /><path d="${path}${tick}" class="frame" />`;
}

/** A picture with its size reserved. */
export function picture(source: ReportPicture, alternative: string): Html {
  return html`<img
    src="${pictureSource(source.source)}"
    width="${source.width}"
    height="${source.height}"
    alt="${alternative}"
  />`;
}
