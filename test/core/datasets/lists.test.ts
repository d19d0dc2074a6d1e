import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CongealError } from '../../../core/contract/errors.ts';
import { readBoxesCsv, writeBoxesCsv } from '../../../core/datasets/boxes-csv.ts';
import { readKeypointsCsv, writeKeypointsCsv } from '../../../core/datasets/keypoints-csv.ts';
import { readMetadataJsonl, writeMetadataJsonl, type MetadataRow } from '../../../core/datasets/metadata-jsonl.ts';
import { readScoresCsv, writeScoresCsv } from '../../../core/datasets/scores-csv.ts';
import { readTransformsCsv } from '../../../core/datasets/transforms-csv.ts';
import { readTransformsJson } from '../../../core/datasets/transforms-json.ts';
import { pixelPoint } from '../../../core/geometry/units.ts';

const crop: MetadataRow = {
  file_name: 'crops/b.png',
  width: 512,
  height: 512,
  source: 'b "🦝"\n.jpg',
  source_sha256: 'b'.repeat(64),
  source_width: 320,
  source_height: 240,
  family: 'affine',
  mirrored: true,
  status: 'aligned',
  canonical_to_source: [40, 0, 160, 0, 40, 120, 0, 0, 1],
  crop_to_source: [0.15625, 0, 120, 0, 0.15625, 80, 0, 0, 1],
  similarity: 0.5,
  outside_fraction: null,
  effective_resolution: 0.15625,
};

test('metadata.jsonl has one crop a line, by name, and reads back exactly', () => {
  const other = { ...crop, file_name: 'crops/a.png' };
  const text = writeMetadataJsonl([crop, other]);
  expect(text.split('\n')).toHaveLength(3);
  expect(text.startsWith('{"file_name":"crops/a.png","width":512,')).toBe(true);
  expect(readMetadataJsonl(text, 'metadata.jsonl')).toEqual([other, crop]);
  expect(() => readMetadataJsonl(`${text}{}\n`, 'metadata.jsonl')).toThrow('metadata.jsonl, line 3, is not what');
});

test('scores.csv has a column for each name', () => {
  const rows = [
    { file: 'b.jpg', scores: { similarity: 0.5, confidence: null } },
    { file: 'a.jpg', scores: { similarity: -0.25, confidence: 1 } },
  ];
  const text = writeScoresCsv(['similarity', 'confidence'], rows);
  expect(text).toBe('file,similarity,confidence\na.jpg,-0.25,1\nb.jpg,0.5,\n');
  expect(readScoresCsv(text, 'scores.csv')).toEqual(rows.toReversed());
});

test('whatever a file holds, a reader gives rows or says what is wrong', () => {
  const samples = [
    writeBoxesCsv([
      { file: 'a', width: 9, height: 9, box: { xmin: 1, ymin: 2, xmax: 3, ymax: 4 }, score: 1, reason: '' },
    ]),
    writeKeypointsCsv([{ file: 'a', points: [pixelPoint(1, 2), null] }]),
    writeMetadataJsonl([crop]),
  ];
  const readers = [
    readBoxesCsv,
    readKeypointsCsv,
    readScoresCsv,
    readTransformsCsv,
    readTransformsJson,
    readMetadataJsonl,
  ];
  const cut = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat({ max: 8 }), fc.string());
  const mutated = cut.map(([text, at, length, piece]) => {
    const start = at % text.length;
    return text.slice(0, start) + piece + text.slice(start + length);
  });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string()), (text) => {
      for (const read of readers) {
        try {
          read(text, 'fuzz');
        } catch (error) {
          expect(error).toBeInstanceOf(CongealError);
        }
      }
    }),
    { numRuns: 3000 },
  );
});
