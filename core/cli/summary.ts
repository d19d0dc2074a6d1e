import type { DoneMessage } from '../contract/events.ts';

function show(value: number | string | boolean | null): string {
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** The closing lines of a run: how many images, the figures, what was written. */
export function summarise(done: DoneMessage): readonly string[] {
  const failed = done.failed > 0 ? `, ${done.failed} could not be used (see above)` : '';
  const lines = [`${done.images} images${failed}, ${done.seconds.toFixed(1)} s`];
  const width = Math.max(0, ...Object.keys(done.figures).map((name) => name.length));
  for (const [name, value] of Object.entries(done.figures)) lines.push(`  ${name.padEnd(width)}  ${show(value)}`);
  if (done.written.length > 0) lines.push('written:', ...done.written.map((path) => `  ${path}`));
  return lines;
}
