import { describe, expect, it } from 'vitest';
import { bytesInWords, counted, duration, moment, readableNumber } from '../../renderer/ui/words.ts';

describe('numbers in words', () => {
  it('count things', () => {
    expect([counted(1, 'image'), counted(12_000, 'image'), counted(0, 'box', 'boxes')]).toEqual([
      '1 image',
      '12,000 images',
      '0 boxes',
    ]);
  });

  it('say durations without false precision, and never that nothing is left', () => {
    expect([0, 3.2, 12, 60, 61, 3600, 4200].map(duration)).toEqual([
      '1 s',
      '4 s',
      '15 s',
      '1 min',
      '2 min',
      '1 h',
      '1 h 10 min',
    ]);
  });

  it('say sizes in powers of 1000', () => {
    expect([0, 820, 12_000, 3_400_000, 2e12].map(bytesInWords)).toEqual([
      '0 B',
      '820 B',
      '12.0 kB',
      '3.4 MB',
      '2.0 TB',
    ]);
  });

  it('are read plainly, however small, until that takes too many zeros', () => {
    expect([0, 12_000, 0.000671, 0.0314, -0.897, 4.7596, 184.4, 2.5e-7].map(readableNumber)).toEqual([
      '0',
      '12,000',
      '0.00067',
      '0.031',
      '-0.897',
      '4.76',
      '184',
      '2.50e-7',
    ]);
  });

  it('say moments by how long ago they were', () => {
    const now = Date.UTC(2026, 4, 1, 12);
    expect([0, 5, 90, 3000].map((minutes) => moment(now - minutes * 60_000, now))).toEqual([
      'just now',
      '5 min ago',
      '1 h ago',
      'Apr 29, 2026',
    ]);
  });
});
