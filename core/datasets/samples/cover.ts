import type { Box } from '../../geometry/boxes.ts';
import type { Random } from '../../geometry/random.ts';
import { castShadow, createLayer, paintShape, type Layer, type Light, type View } from './layer.ts';
import { drawLeaf } from './leaf.ts';

/** Largest share of an object that may lie hidden. */
const largestShare = 0.22;

/** The smallest box around all pixels that are at least half covered. */
export function tightBox(layer: Layer): Box {
  let [xmin, ymin, xmax, ymax] = [layer.width, layer.height, 0, 0];
  for (let index = 0; index < layer.alpha.length; index++) {
    if (layer.alpha[index] < 0.5) continue;
    const x = index % layer.width;
    const y = (index - x) / layer.width;
    if (x < xmin) xmin = x;
    if (x >= xmax) xmax = x + 1;
    if (y < ymin) ymin = y;
    if (y >= ymax) ymax = y + 1;
  }
  return { xmin, ymin, xmax, ymax };
}

/** A leaf over the edge of the object, pushed outwards until it hides no more than it may. */
export function layLeaf(object: Layer, view: View, light: Light, random: Random): Layer {
  const shape = drawLeaf(random);
  const side = random.uniform(-Math.PI, Math.PI);
  const scale = view.scale * random.uniform(0.45, 0.75);
  const angle = random.uniform(-Math.PI, Math.PI);
  for (let reach = random.uniform(0.45, 0.75); ; reach += 0.1) {
    const layer = createLayer(object.width, object.height);
    const x = view.x + view.scale * reach * Math.cos(side);
    const y = view.y + view.scale * reach * Math.sin(side);
    const leafView = { scale, angle, x, y };
    paintShape(layer, leafView, light, shape);
    if (hiddenShare(object, layer) > largestShare) continue;
    castShadow(layer, leafView, light, shape);
    return layer;
  }
}

/** Share of the object's area that lies under the cover, 0 to 1. */
export function hiddenShare(object: Layer, cover: Layer): number {
  let all = 0;
  let hidden = 0;
  for (let index = 0; index < object.alpha.length; index++) {
    all += object.alpha[index];
    hidden += object.alpha[index] * cover.alpha[index];
  }
  return hidden / all;
}
