/** A number with a fixed count of decimals, thousands set apart by a thin space and a real minus sign. */
export function formatNumber(value: number, digits: number): string {
  const text = Math.abs(value)
    .toFixed(digits)
    .replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, '\u202f'));
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

/** A count with its noun: "1 image", "60 images". */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count, 0)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A coordinate for SVG: at most two decimals. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}
