import { describe, expect, it } from 'vitest';
import { pinchOf, wheelFactor } from '../../../renderer/viewer/gestures.ts';
import { fitView, panBy, toPixel, toView, viewPoint, zoomAbout } from '../../../renderer/viewer/view.ts';

const image = { width: 6000, height: 4000 };
const viewport = { width: 900, height: 700 };

describe('a view', () => {
  it('shows all of a picture, in the middle', () => {
    const view = fitView(image, viewport);
    expect(view.scale).toBeCloseTo((900 - 32) / 6000, 12);
    expect(toView(view, { x: 3000, y: 2000 })).toEqual({ x: 450, y: 350 });
  });

  it('keeps what lies under the pointer where it is', () => {
    const view = fitView(image, viewport);
    const about = viewPoint(200, 300);
    const before = toPixel(view, about);
    const after = toPixel(zoomAbout(view, about, 7, image, viewport), about);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  it('goes from half of all to 64 screen pixels a pixel, and never out of sight', () => {
    const view = fitView(image, viewport);
    const middle = viewPoint(450, 350);
    expect(zoomAbout(view, middle, 1e9, image, viewport).scale).toBe(64);
    expect(zoomAbout(view, middle, 1e-9, image, viewport).scale).toBeCloseTo(view.scale / 2, 12);
    const far = panBy(view, 1e6, -1e6, image, viewport);
    expect(far.x).toBeLessThan(viewport.width);
    expect(far.y + far.scale * image.height).toBeGreaterThan(0);
  });
});

describe('gestures', () => {
  it('turn the wheel into factors that undo each other, however the turn is counted', () => {
    const [up, down] = [-3, 3].map((deltaY) => wheelFactor({ deltaY, deltaMode: 1, ctrlKey: false }));
    expect(up * down).toBeCloseTo(1, 12);
    expect(up).toBeGreaterThan(1);
    expect(wheelFactor({ deltaY: 48, deltaMode: 0, ctrlKey: false })).toBeCloseTo(down, 12);
  });

  it('read two fingers as a factor about their middle, and its way', () => {
    const pinch = pinchOf(
      [
        { x: 0, y: 0 },
        { x: 10, y: 0 },
      ],
      [
        { x: 0, y: 4 },
        { x: 20, y: 4 },
      ],
    );
    expect(pinch).toEqual({ factor: 2, about: { x: 10, y: 4 }, x: 5, y: 4 });
  });
});
