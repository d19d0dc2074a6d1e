import type { ImageRow } from '../../api/types.ts';

const statuses: Readonly<Record<ImageRow['status'], string>> = {
  ready: 'Ready',
  failed: 'Not readable',
  missing: 'Missing',
  quarantined: 'Set aside',
};

/** The state of an image's file. */
export function statusInWords(status: ImageRow['status']): string {
  return statuses[status];
}

const decisions: Readonly<Record<ImageRow['decision'], string>> = {
  none: 'Undecided',
  accepted: 'Accepted',
  rejected: 'Rejected',
  edited: 'Corrected',
};

/** What a person decided about an image. */
export function decisionInWords(decision: ImageRow['decision']): string {
  return decisions[decision];
}

const results: Readonly<Partial<Record<string, string>>> = {
  ok: 'Good',
  flagged: 'Doubtful',
  missing: 'Nothing found',
};

/** What a run says of an image. */
export function resultInWords(result: string | null): string {
  return result === null ? 'No result' : (results[result] ?? result);
}
