import { describe, expect, test } from 'vitest';
import { linearAxis } from '../../../../core/engine/report/axis.ts';
import { html, readableName } from '../../../../core/engine/report/html.ts';
import { coordinate, formatCount, formatNumber } from '../../../../core/engine/report/numbers.ts';

describe('linearAxis', () => {
  test('puts round ticks inside the range and turns values into lengths', () => {
    const axis = linearAxis([0, 100], 10, 210, 6);
    expect(axis.ticks.map(({ text }) => text)).toEqual(['0', '20', '40', '60', '80', '100']);
    expect(axis.toLength(50)).toBeCloseTo(110, 9);
    expect(axis.toLength(0)).toBeGreaterThan(10);
    expect(axis.toLength(100)).toBeLessThan(210);
  });

  test('writes as many decimals as the step needs', () => {
    expect(linearAxis([0.1, 0.2], 0, 1, 5).ticks.map(({ text }) => text)).toEqual(['0.10', '0.15', '0.20']);
    expect(linearAxis([-3, 3], 0, 1, 6).ticks.map(({ text }) => text)).toContain('\u22122');
  });

  test.each([[[]], [[5]], [[0, 0]], [[Number.NaN, 1]], [[-1e-9, 1e9]]])('is finite for %j', (values) => {
    const axis = linearAxis(values, 0, 100, 5);
    expect(axis.ticks.length).toBeLessThan(12);
    for (const { value } of axis.ticks) expect(Number.isFinite(axis.toLength(value))).toBe(true);
  });
});

test('numbers have fixed decimals, groups of three, a real minus, and never a negative zero', () => {
  expect(formatNumber(1234567.891, 2)).toBe('1\u202f234\u202f567.89');
  expect(formatNumber(-0.5, 1)).toBe('\u22120.5');
  expect(formatNumber(-0.001, 1)).toBe('0.0');
  expect(formatCount(1, 'image')).toBe('1 image');
  expect(formatCount(1000, 'image')).toBe('1\u202f000 images');
  expect(coordinate(1.23456)).toBe('1.23');
});

test('html escapes texts and keeps markup', () => {
  expect(html`<p title="${`"'&<>`}">${html`<b>${1}</b>`}${[html`<i></i>`]}${undefined}</p>`.markup).toBe(
    '<p title="&quot;&#39;&amp;&lt;&gt;"><b>1</b><i></i></p>',
  );
  expect(readableName('a\nb\u202ec\u00e9\u{1F41E}')).toBe('a\u240ab\\u202ec\u00e9\u{1F41E}');
});
