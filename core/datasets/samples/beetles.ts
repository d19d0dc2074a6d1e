import { applyPoint, type Matrix3 } from '../../geometry/matrix.ts';
import { createRandom } from '../../geometry/random.ts';
import { pixelPoint } from '../../geometry/units.ts';
import { drawScene } from './beetle/scene.ts';
import { layLeaf, tightBox } from './cover.ts';
import { developPicture } from './develop.ts';
import { createGround, groundKinds } from './ground/ground.ts';
import type { SampleOptions, SamplePicture } from './picture.ts';

/** How beetles are drawn. */
export interface BeetleOptions extends SampleOptions {
  /** Typical width in pixels, 320 by default; pictures vary from 7/8 to 9/8 of it. Smaller is faster. */
  readonly width?: number;
}

/**
 * Draws beetles seen from above, one at a time: each with its own colour, joints, place, rotation (full circle), scale
 * (0.7 to 1.4), light and ground, every other one partly under a leaf. The whole beetle lies inside its picture.
 */
export function* drawBeetles(options: BeetleOptions): Generator<SamplePicture> {
  for (let index = 0; index < options.count; index++) yield drawBeetle(options.seed, index, options.width ?? 320);
}

function drawBeetle(seed: number, index: number, typicalWidth: number): SamplePicture {
  const random = createRandom(seed).fork(`beetle-${index}`);
  const zoom = typicalWidth / 320;
  const { light, body, view, layer } = drawScene(random, zoom);
  const { width, height } = layer;
  const leaf = random.uniform() < 0.5 ? layLeaf(layer, view, light, random) : undefined;
  const kind = random.pick(Object.keys(groundKinds) as (keyof typeof groundKinds)[]);
  const ground = createGround(kind, random, light.x, light.y);
  const data = developPicture(layer, leaf, ground, zoom, light, random);
  const cos = view.scale * Math.cos(view.angle);
  const sin = view.scale * Math.sin(view.angle);
  const objectToPixel: Matrix3 = [cos, -sin, view.x, sin, cos, view.y, 0, 0, 1];
  const landmarks = body.landmarks.map(({ name, x, y, articulated }) => {
    const pixel = applyPoint(objectToPixel, x, y);
    const covered = leaf?.alpha[Math.floor(pixel.y) * width + Math.floor(pixel.x)] ?? 0;
    return { name, point: pixelPoint(pixel.x, pixel.y), articulated, visible: covered < 0.5 };
  });
  const name = `beetle-${String(index + 1).padStart(3, '0')}`;
  return { name, width, height, channels: 3, data, truth: { objectToPixel, box: tightBox(layer), landmarks } };
}
