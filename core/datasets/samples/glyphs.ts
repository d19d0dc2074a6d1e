import { createRandom, type Random } from '../../geometry/random.ts';
import { pixelPoint } from '../../geometry/units.ts';
import { glyphShapes, type GlyphName } from './glyph-shapes.ts';
import { inkGlyph, writeGlyph } from './pen.ts';
import type { SampleOptions, SamplePicture } from './picture.ts';

/** How glyphs are drawn. */
export interface GlyphOptions extends SampleOptions {
  /** The glyph that all pictures share, `ampersand` by default. */
  readonly glyph?: GlyphName;
  /** Fragments of other glyphs scattered over each picture, 16 by default. */
  readonly clutter?: number;
}

/** Side of a glyph picture in pixels. */
const side = 84;
/** Side of the glyph's frame, the box of the truth, in pixels at scale 1; ink fills about the inner 20 of 28. */
const frame = 28;
const ink = 20;
const fragment = 6;

/**
 * Draws grey pictures of 84 x 84 pixels, one at a time: one handwritten glyph anywhere, light on black, among fragments
 * of other glyphs. The truth's box is the frame of about 28 x 28 pixels around the glyph's middle.
 */
export function* drawGlyphs(options: GlyphOptions): Generator<SamplePicture> {
  const glyph = options.glyph ?? 'ampersand';
  for (let index = 0; index < options.count; index++) {
    const random = createRandom(options.seed).fork(`${glyph}-${index}`);
    yield drawGlyph(glyph, index, options.clutter ?? 16, random);
  }
}

function drawGlyph(glyph: GlyphName, index: number, clutter: number, random: Random): SamplePicture {
  const data = new Uint8Array(side * side);
  const size = frame * random.uniform(0.92, 1.08);
  const x = random.uniform(size / 2, side - size / 2);
  const y = random.uniform(size / 2, side - size / 2);
  const scale = (size / frame) * (ink / 2);
  const reach = 16;
  const near = [x - reach, y - reach, x + reach, y + reach].map((edge) =>
    Math.min(side, Math.max(0, Math.round(edge))),
  );
  inkGlyph(data, side, writeGlyph(glyphShapes[glyph], random), { x, y, scale, level: random.uniform(0.85, 1) }, near);
  const others = (Object.keys(glyphShapes) as GlyphName[]).filter((name) => name !== glyph);
  for (let piece = 0; piece < clutter; piece++) scatterFragment(data, random.pick(others), random);
  const name = `${glyph}-${String(index + 1).padStart(3, '0')}`;
  const half = size / 2;
  const landmarks = [{ name: 'middle', point: pixelPoint(x, y), articulated: false, visible: true }];
  return {
    name,
    width: side,
    height: side,
    channels: 1,
    data,
    truth: {
      objectToPixel: [scale, 0, x, 0, scale, y, 0, 0, 1],
      box: { xmin: x - half, ymin: y - half, xmax: x + half, ymax: y + half },
      landmarks,
    },
  };
}

/** Puts a 6 x 6 window of another glyph, around some place of its strokes, anywhere. */
function scatterFragment(data: Uint8Array, name: GlyphName, random: Random): void {
  const writing = writeGlyph(glyphShapes[name], random);
  const [focusX, focusY] = random.pick(writing.segments);
  const left = random.integer(side - fragment + 1);
  const top = random.integer(side - fragment + 1);
  const scale = ink / 2;
  const x = left + random.uniform(1, fragment - 1) - scale * focusX;
  const y = top + random.uniform(1, fragment - 1) - scale * focusY;
  const at = { x, y, scale, level: random.uniform(0.8, 1) };
  inkGlyph(data, side, writing, at, [left, top, left + fragment, top + fragment]);
}
