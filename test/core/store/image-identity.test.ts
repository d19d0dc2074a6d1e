import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchImages, type Identity } from '../../../core/store/image-identity.ts';

const image = (path: string, sha256: string | null): Identity => ({ path, sha256 });

test('the same bytes in the same place win over the same bytes elsewhere', () => {
  const known = [image('a', '1'), image('b', '1'), image('c', '2')];
  const scanned = [image('new', '1'), image('b', '1'), image('c', '3'), image('d', '2')];
  expect(matchImages(known, scanned)).toEqual([known[0], known[1], undefined, known[2]]);
});

test('where one side could not be read, the place decides', () => {
  const known = [image('a', '1'), image('b', null), image('c', '3')];
  expect(matchImages(known, [image('a', null), image('b', '2')])).toEqual([known[0], known[1]]);
  expect(matchImages(known, [image('b', '3'), image('x', null)])).toEqual([known[2], undefined]);
});

test('no image is given out twice, and one with the same bytes is never passed over', () => {
  const side = fc.uniqueArray(
    fc.record({ path: fc.constantFrom('a', 'b', 'c', 'd', 'e'), sha256: fc.constantFrom('1', '2', '3', null) }),
    { selector: (each) => each.path },
  );
  fc.assert(
    fc.property(side, side, (known, scanned) => {
      const matches = matchImages(known, scanned);
      const given = matches.filter((match) => match !== undefined);
      expect(new Set(given).size).toBe(given.length);
      const count = (sha256: string, all: readonly (Identity | undefined)[]): number =>
        all.filter((each) => each?.sha256 === sha256).length;
      for (const sha256 of ['1', '2', '3']) {
        const possible = Math.min(count(sha256, known), count(sha256, scanned));
        const exact = scanned.filter((each, index) => each.sha256 === sha256 && matches[index]?.sha256 === sha256);
        expect(exact.length).toBeGreaterThanOrEqual(possible);
      }
    }),
  );
});
