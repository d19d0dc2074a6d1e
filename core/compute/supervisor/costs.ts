import type { JobKind } from '../job-kinds.ts';

const mebibyte = 2 ** 20;

/** About how much memory in bytes a job of each kind needs beside an idle worker; a job waits while there is less. */
export const memoryOf = {
  find: 900 * mebibyte,
  align: 1200 * mebibyte,
  apply: 500 * mebibyte,
  learn: 1200 * mebibyte,
  export: 600 * mebibyte,
  pictures: 500 * mebibyte,
  samples: 150 * mebibyte,
  'demo picture': 150 * mebibyte,
  card: 150 * mebibyte,
  'choose provider': 150 * mebibyte,
  import: 400 * mebibyte,
  'look at': 200 * mebibyte,
  preview: 300 * mebibyte,
  'warp picture': 600 * mebibyte,
  tiles: 300 * mebibyte,
  'group images': 150 * mebibyte,
  'missing parts': 150 * mebibyte,
  'list providers': 150 * mebibyte,
  'probe provider': 150 * mebibyte,
  'check network': 300 * mebibyte,
  'check features': 300 * mebibyte,
  'inspect model': 400 * mebibyte,
  'check transformer': 200 * mebibyte,
} satisfies Record<JobKind, number>;
