import { createHash } from 'node:crypto';
import { classifierBody } from './classifier/body.ts';
import type { CollectionReport, ReportData } from './data.ts';
import { demoBody } from './demo-page.ts';
import { html, pictureSource, readableName, trusted, type Html } from './html.ts';
import { contents, means, opening } from './opening.ts';
import { curves, poses } from './plots.ts';
import { script } from './script.ts';
import { contactSheet } from './sheet.ts';
import { meanStyle, style } from './style.ts';
import { failures, recipe, scores } from './tables.ts';

/**
 * Builds a report: one self-contained page that loads nothing, in which every name and text of the caller is text. The
 * same data gives the same bytes.
 *
 * **Throws** a TypeError for a picture that is not embedded or a link that leads away from the page's folder.
 */
export function buildReport(data: ReportData): string {
  const body = bodyOf(data);
  const mean = 'meanAfter' in data ? data.meanAfter : undefined;
  const styles = mean === undefined ? style : style + meanStyle(pictureSource(mean.source));
  const policy = `default-src 'none'; img-src data:; style-src ${digest(styles)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${readableName(data.title)}</title>
        ${trusted(`<style>${styles}</style>`)}
      </head>
      <body>
        ${body} ${trusted(`<script>${script}</script>`)}
      </body>
    </html>`.markup;
}

function bodyOf(data: ReportData): Html {
  switch (data.kind) {
    case 'demo':
      return demoBody(data);
    case 'learn':
      return classifierBody(data);
    case 'find':
    case 'align':
      return collectionBody(data);
  }
}

function collectionBody(report: CollectionReport): Html {
  const hasMean = report.meanBefore !== undefined || report.meanAfter !== undefined;
  const hasPoses = report.images.some(({ pose, outline }) => (report.kind === 'align' ? pose : outline) !== undefined);
  const parts = [
    ...(hasMean ? [['mean', 'Mean', means(report)] as const] : []),
    ['images', 'Images', contactSheet(report)] as const,
    ...(report.curves.length > 0 ? [['training', 'Learning', curves(report.curves)] as const] : []),
    ...(hasPoses ? [['poses', report.kind === 'align' ? 'Poses' : 'Boxes', poses(report)] as const] : []),
    ['scores', 'Scores', scores(report)] as const,
    ...(report.failures.length > 0 ? [['failures', 'Files left out', failures(report.failures)] as const] : []),
    ['recipe', 'Recipe', recipe(report.recipe)] as const,
  ];
  return html`${opening(report.title, report.summary, report.figures)}
    ${contents(parts.map(([id, label]) => [id, label]))}
    <main>${parts.map(([, , section]) => section)}</main>`;
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
