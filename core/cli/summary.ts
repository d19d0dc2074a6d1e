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

/** The closing lines of the demonstration: per collection a table of before and after, then the time of each stage. */
export function summariseDemo(done: DoneMessage): readonly string[] {
  const lines = [`${done.images} sample images, ${done.seconds.toFixed(1)} s`, ''];
  const before = Object.entries(done.figures).filter(([name]) => name.endsWith(', before'));
  const width = Math.max(...before.map(([name]) => name.length));
  lines.push(`${' '.repeat(width)}${'before'.padStart(10)}${'after'.padStart(10)}`);
  for (const [name, value] of before) {
    const label = name.slice(0, -', before'.length);
    const after = done.figures[`${label}, after`] ?? null;
    lines.push(`${label.padEnd(width)}${show(value).padStart(10)}${show(after).padStart(10)}`);
  }
  lines.push('');
  for (const [name, value] of Object.entries(done.figures))
    if (name.endsWith('[s]')) lines.push(`${name.padEnd(width + 10)}${show(value).padStart(10)}`);
  const [report, picture] = done.written;
  return [
    ...lines,
    '',
    `open ${report}`,
    `and  ${picture}`,
    `${done.written.length} files were written to ${done.out ?? ''}`,
  ];
}
