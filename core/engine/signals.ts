import type { ReportSignal } from './report/data.ts';

const table: readonly ReportSignal[] = [
  {
    key: 'similarity',
    label: 'Similarity',
    unit: '',
    digits: 3,
    better: 'higher',
    meaning: 'How well the image, in its final pose, agrees with the mean of the others.',
  },
  {
    key: 'confidence',
    label: 'Confidence',
    unit: '',
    digits: 3,
    better: 'higher',
    meaning: 'How much of what the box shows is shared with the other boxes.',
  },
  {
    key: 'agreement',
    label: 'Agreement',
    unit: 'IoU',
    digits: 2,
    better: 'higher',
    meaning: 'Overlap of the box that the network found with the box that the independent search found.',
  },
  {
    key: 'pose_distance',
    label: 'Distance in pose',
    unit: 'σ',
    digits: 2,
    better: 'lower',
    meaning: 'How far the pose lies from those of the other images, in standard deviations of the set.',
  },
  {
    key: 'outside_fraction',
    label: 'Outside',
    unit: 'share',
    digits: 3,
    better: 'lower',
    meaning: 'Share of the crop that lies outside the original.',
  },
  {
    key: 'effective_resolution',
    label: 'Resolution',
    unit: 'px/px',
    digits: 2,
    better: 'higher',
    meaning: 'Pixels of the original per pixel of the crop; below 1 the crop is enlarged.',
  },
];

/** The signals that at least one image of a run has, in the order in which they are shown. */
export function signalsOf(scores: readonly Readonly<Record<string, number>>[]): readonly ReportSignal[] {
  return table.filter(({ key }) => scores.some((score) => key in score));
}
