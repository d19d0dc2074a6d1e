import { expect, it } from 'vitest';
import { createCropNames } from '../../../../core/engine/exports/crop-names.ts';

it.each([
  ['plain.jpg', 'plain.png'],
  ['a folder/ein Käfer 🐞 (2).jpeg', 'a folder/ein Käfer 🐞 (2).png'],
  ['CON.jpg', '_CON.png'],
  ['aux.txt.jpg', '_aux.txt.png'],
  ['com1/lpt9.tar.jpg', '_com1/_lpt9.tar.png'],
  ['console/contact.jpg', 'console/contact.png'],
  ['ends. /with. .jpg', 'ends__/with__.png'],
  ['a:b*c?"<>|\\d\n.jpg', 'a_b_c______d_.png'],
  ['beetle.png/1.jpg', 'beetle.png_/1.png'],
  ['.hidden/x.jpg', '.hidden/x.png'],
])('the crop of %j is called %j', (id, name) => {
  expect(createCropNames('png')(id)).toBe(name);
});

it('no two names differ only by case, accents or a cut, and each is as long as a disk takes', () => {
  const nameOf = createCropNames('webp');
  const ids = [
    ...['A.jpg', 'a.jpg', 'a.png', 'A.PNG', 'a.webp'],
    ...['\u00e9.jpg', 'e\u0301.jpg'],
    ...['CON.jpg', 'con.jpg', '_con.jpg'],
    ...['a?.jpg', 'a*.jpg', 'a_.jpg'],
    ...Array.from({ length: 40 }, (_, n) => `${'x'.repeat(245)}${String(n).padStart(2, '0')}.gif`),
    ...Array.from({ length: 40 }, (_, n) => `${'\u{1F41E}'.repeat(61)}${String(n).padStart(2, '0')}.gif`),
    ...Array.from({ length: 20 }, (_, n) => `y.${'k'.repeat(n)}`),
  ];
  const names = ids.map(nameOf);
  expect(new Set(names.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(ids.length);
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(names.join('')).not.toContain('\ufffd');
});
