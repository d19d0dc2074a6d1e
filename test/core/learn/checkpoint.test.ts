import { expect, test } from 'vitest';
import { float32, int64 } from '../../../core/graph/tensor.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../../core/learn/checkpoint.ts';

const checkpoint: Checkpoint = {
  stage: 'train',
  values: { step: 7, losses: [0.5, 0.25], text: 'ä' },
  tensors: { weight: float32([1, -2, 3], [3, 1]), count: int64([5]) },
};

test('a checkpoint comes back as it was, also from a buffer that lies within another', () => {
  const bytes = encodeCheckpoint(checkpoint);
  expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
  const pool = Buffer.alloc(bytes.length + 5);
  pool.set(bytes, 5);
  expect(decodeCheckpoint(pool.subarray(5))).toEqual(checkpoint);
});

test('a cut checkpoint is refused', () => {
  const bytes = encodeCheckpoint(checkpoint);
  for (const length of [0, 3, 20, bytes.length - 9])
    expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(
      expect.objectContaining({ code: 'checkpoint-mismatch' }) as Error,
    );
});
