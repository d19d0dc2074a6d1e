import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildReport } from '../../../../core/engine/report/build-report.ts';
import type { CollectionReport, DemoReport, ReportImage } from '../../../../core/engine/report/data.ts';
import { chooseForSheet, worstFirst } from '../../../../core/engine/report/order.ts';

const dot = {
  source:
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  width: 1,
  height: 1,
};
const hostile = [
  '<img src=x onerror=alert(1)>.jpg',
  '</script><script>alert(2)</script>.png',
  '"><svg onload=alert(3)>.png',
  "' onmouseover='alert(4).png",
  '</style></title><b>.png',
  'line\nbreak\t\0.png',
  'turned\u202egpj.exe',
  '-rf.jpg',
  '\u{1F41E} lone \ud800.webp',
  '&lt;already&gt;.png',
];

function image(file: string, index: number): ReportImage {
  return {
    file,
    width: 300,
    height: 200,
    status: index % 5 === 4 ? 'doubtful' : 'good',
    reason: `reason of ${file}`,
    outline: [
      { x: 10, y: 10 },
      { x: 90, y: 20 },
      { x: 80, y: 100 },
      { x: 0, y: 90 },
    ],
    pose: { angle: index, scale: 1 + index / 100, shiftX: -index, shiftY: 2 * index, mirrored: false },
    signals: { similarity: (index * 37) % 100, outside: 1234.5 },
    original: dot,
    crop: dot,
  };
}

function report(files: readonly string[], kind: 'find' | 'align' = 'align'): CollectionReport {
  return {
    kind,
    title: files.at(5) ?? 'empty',
    summary: `summary of ${files.at(6) ?? 'nothing'}`,
    figures: [{ label: 'Images', value: String(files.length), unit: '<u>' }],
    meanBefore: dot,
    meanAfter: dot,
    deviation: dot,
    images: files.map(image),
    signals: [
      { key: 'similarity', label: 'Similarity', unit: '', digits: 1, better: 'higher', meaning: 'More is <better>.' },
      { key: 'outside', label: 'Outside', unit: '%', digits: 1, better: 'lower', meaning: 'Less is better.' },
    ],
    orderBy: 'similarity',
    curves: [
      {
        title: 'Loss <1>',
        x: 'step',
        y: 'loss',
        points: Array.from({ length: 900 }, (_, step) => [step, 1 / (step + 1)]),
      },
    ],
    failures: files.map((file) => ({ file, code: 'input-unreadable', reason: `cannot read ${file}` })),
    recipe: {
      command: `congeal align ${files.join(' ')}`,
      groups: [{ title: 'Options', entries: files.map((file) => [file, file]) }],
    },
  };
}

const demo: DemoReport = {
  kind: 'demo',
  title: hostile[0],
  summary: hostile[1],
  collections: [
    {
      title: hostile[2],
      description: hostile[3],
      meanBefore: dot,
      meanAfter: dot,
      examples: hostile.map(image),
      figures: [{ label: hostile[4], before: '<1>', after: '2', unit: '%' }],
      links: [{ href: 'glyphs/report.html', label: hostile[0] }],
    },
  ],
  recipe: report(hostile).recipe,
};

describe.each([
  ['align', report(hostile)],
  ['find', report(hostile, 'find')],
  ['demo', demo],
] as const)('buildReport for %s', (_, data) => {
  const page = buildReport(data);

  test('keeps every name text: the only tags and handlers are its own', () => {
    const tags = new Set(Array.from(page.matchAll(/<([a-zA-Z!][a-zA-Z0-9]*)/g), ([, name]) => name.toLowerCase()));
    const own =
      '! a bdi body b button caption circle code dd details div dl doctype dt figcaption figure g h1 h2 h3 head header html image img li line main meta nav p path polyline pre rect script section small span style summary svg table tbody td text th thead title tr ul';
    for (const tag of tags) expect(own.split(' ')).toContain(tag.replace('!doctype', 'doctype'));
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<style/g)).toHaveLength(1);
    const markup = page.replace(/<style>[^]*<\/style>|<script>[^]*<\/script>/g, '');
    for (const [tag] of markup.matchAll(/<[a-z][^>]*>/g)) {
      const attributes = tag.slice(1).replace(/"[^"]*"/g, '""');
      expect(attributes).not.toMatch(/\son[a-z]+=|['<]/);
    }
    expect(markup).not.toMatch(/[\0\u202e]/);
    expect(page.isWellFormed()).toBe(true);
    expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt;.jpg');
  });

  test('loads nothing and lets nothing else run', () => {
    expect(page.replace(/<pre[^]*<\/pre>/g, '')).not.toMatch(/https?:|\/\/[a-z]|@import|<link|<iframe|<base/i);
    for (const [, source] of page.matchAll(/(?:src|url\()="?([^")]*)/g))
      expect(source).toMatch(/^(data:image|x onerror)/);
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1].replaceAll('&#39;', "'");
    expect(policy).toContain("default-src 'none'; img-src data:;");
    for (const tag of ['style', 'script']) {
      const text = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(page)?.[1] ?? '';
      expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
  });

  test('is the same for the same data, and has no date in it', () => {
    expect(buildReport(structuredClone(data))).toBe(page);
    expect(page).not.toMatch(/\b20\d\d-\d\d|\d\d:\d\d/);
  });

  test('names everything that can be seen or pressed', () => {
    for (const [tag] of page.matchAll(/<img[^>]*>/g)) expect(tag).toMatch(/alt="[^"]+"/);
    for (const [tag] of page.matchAll(/<svg[^>]*>/g)) expect(tag).toMatch(/role="img"[^>]*aria-label="[^"]+"/);
    for (const [, label] of page.matchAll(/<button[^>]*>([^]*?)<\/button>/g)) expect(label.trim()).not.toBe('');
    const ids = Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)) expect(ids).toContain(id);
  });
});

describe('a report of many images', () => {
  const many = report(Array.from({ length: 1000 }, (_, index) => `image-${index}.jpg`));

  test('shows the worst and the best and lists all of them', () => {
    const page = buildReport(many);
    expect(page.match(/<li class="card"/g)).toHaveLength(80);
    expect(page).toContain('The 60 worst and the 20 best of 1\u202f000 images');
    expect(page.match(/<th scope="row"/g)?.length).toBe(2000);
    expect(page.length).toBeLessThan(2_000_000);
    expect(page).toMatch(/<details>\s*<summary>Options/);
    expect(buildReport(report(hostile))).not.toContain('<details');
    expect(buildReport(report(hostile))).toContain('10 images by similarity, worst first.');
  });

  test('puts the worst first, by name where the score is the same, and those without a result before all', () => {
    const few = [
      image('b', 3),
      image('a', 3),
      image('c', 1),
      { ...image('d', 2), status: 'missing' as const, signals: {} },
    ];
    const order = (better: 'higher' | 'lower'): string =>
      worstFirst({ ...many, images: few, signals: [{ ...many.signals[0], better }] })
        .map(({ file }) => file)
        .join('');
    // similarity of index 3 is 11, of index 1 it is 37
    expect(order('higher')).toBe('dabc');
    expect(order('lower')).toBe('dcab');
    expect(chooseForSheet(many).worst).toHaveLength(60);
    expect(chooseForSheet(many).best).toHaveLength(20);
  });
});

test('a report without pictures, curves, poses or failures leaves those sections out', () => {
  const page = buildReport({
    kind: 'find',
    title: 'Nothing',
    summary: '',
    figures: [],
    images: [],
    signals: [],
    orderBy: '',
    curves: [],
    failures: [],
    recipe: { command: 'congeal find', groups: [] },
  });
  expect(page).not.toContain('id="mean"');
  expect(page).not.toContain('id="training"');
  expect(page).not.toContain('id="poses"');
  expect(page).not.toContain('id="failures"');
  expect(page).toContain('id="recipe"');
});

test('refuses pictures that are not embedded and links that lead away', () => {
  const away = { source: 'https://example.org/a.png', width: 1, height: 1 };
  expect(() => buildReport({ ...report([]), meanAfter: away })).toThrow(TypeError);
  expect(() => buildReport({ ...report([]), meanAfter: { ...dot, source: 'data:image/svg+xml;base64,AA==' } })).toThrow(
    TypeError,
  );
  for (const href of ['javascript:alert(1)', 'https://example.org', '//example.org', '/etc', 'a\\b']) {
    const collections = [{ ...demo.collections[0], links: [{ href, label: 'x' }] }];
    expect(() => buildReport({ ...demo, collections })).toThrow(TypeError);
  }
});
