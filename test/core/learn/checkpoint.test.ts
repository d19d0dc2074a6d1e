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

test('one of another version of the program is refused with words that say so', () => {
  const bytes = encodeCheckpoint(checkpoint);
  const text = new TextDecoder('latin1').decode(bytes);
  const older = text.replace(/"version":\d+/, (now) => now.replace(/\d/, '1'));
  expect(older).not.toBe(text);
  expect(() => decodeCheckpoint(Buffer.from(older, 'latin1'))).toThrow(
    expect.objectContaining({
      code: 'checkpoint-mismatch',
      message: expect.stringMatching(
        /another version of the program .*version 1, expected .* from the beginning .*--force/,
      ) as string,
    }) as Error,
  );
  const before = text.replace(/"version":\d+,/, (now) => ' '.repeat(now.length));
  expect(() => decodeCheckpoint(Buffer.from(before, 'latin1'))).toThrow(/version 2 or earlier/);
});

test('a cut checkpoint is refused', () => {
  const bytes = encodeCheckpoint(checkpoint);
  for (const length of [0, 3, 20, bytes.length - 9])
    expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(
      expect.objectContaining({ code: 'checkpoint-mismatch' }) as Error,
    );
});
