import type { CollectionReport, ReportImage } from './data.ts';

/** How many of the worst and of the best a contact sheet shows at most. */
const worstShown = 60;
const bestShown = 20;

/** All images, worst first: those where nothing was found, then by the signal that orders the report, then by name. */
export function worstFirst(report: Pick<CollectionReport, 'images' | 'signals' | 'orderBy'>): readonly ReportImage[] {
  const signal = report.signals.find(({ key }) => key === report.orderBy);
  const sign = signal?.better === 'lower' ? -1 : 1;
  const rank = (image: ReportImage): number =>
    image.status === 'missing' ? -Infinity : sign * (image.signals[report.orderBy] ?? -sign * Infinity);
  return report.images.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first !== second) return first - second;
    return a.file < b.file ? -1 : 1;
  });
}

/** The images on the contact sheet: all of a small collection, else the 60 worst and the 20 best. */
export function chooseForSheet(report: Pick<CollectionReport, 'images' | 'signals' | 'orderBy'>): {
  readonly worst: readonly ReportImage[];
  readonly best: readonly ReportImage[];
} {
  const sorted = worstFirst(report);
  if (sorted.length <= worstShown + bestShown) return { worst: sorted, best: [] };
  return { worst: sorted.slice(0, worstShown), best: sorted.slice(-bestShown) };
}
