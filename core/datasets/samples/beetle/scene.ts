import type { Random } from '../../../geometry/random.ts';
import { castShadow, createLayer, paintShape, type Layer, type Light, type View } from '../layer.ts';
import type { Shape } from '../shape.ts';
import { buildBody, type Body } from './body.ts';
import { drawIndividual } from './individual.ts';

/** A beetle in its place, nothing below and nothing on top of it. */
export interface BeetleScene {
  readonly light: Light;
  readonly body: Body;
  readonly view: View;
  readonly layer: Layer;
}

/** Pixels of half a beetle's length at scale 1 in a picture of typical width 320. */
const halfLength = 82;

/** Draws a beetle somewhere in a picture of about `320 * zoom` pixels; all of it lies inside the picture. */
export function drawScene(random: Random, zoom: number): BeetleScene {
  const width = Math.round(zoom * random.uniform(280, 360));
  const height = Math.round(zoom * random.uniform(264, 340));
  const light = drawLight(random);
  const body = buildBody(drawIndividual(random));
  const scale = zoom * halfLength * Math.exp(random.uniform(Math.log(0.7), Math.log(1.4)));
  const angle = random.uniform(-Math.PI, Math.PI);
  const view = place(body.shapes, { scale, angle, x: 0, y: 0 }, width, height, random);
  const layer = createLayer(width, height);
  for (const shape of body.shapes) {
    castShadow(layer, view, light, shape);
    paintShape(layer, view, light, shape);
  }
  return { light, body, view, layer };
}

/** A light from a random side, high enough to keep shadows short, between warm and cool. */
function drawLight(random: Random): Light {
  const side = random.uniform(-Math.PI, Math.PI);
  const lean = random.uniform(0.35, 0.95);
  const brightness = random.uniform(0.75, 1.2);
  const tint = random.uniform(-0.1, 0.1);
  const sky = random.uniform(0.2, 0.4);
  return {
    x: Math.sin(lean) * Math.cos(side),
    y: Math.sin(lean) * Math.sin(side),
    z: Math.cos(lean),
    colour: { red: brightness * (1 + tint), green: brightness, blue: brightness * (1 - tint) },
    ambient: { red: sky * (1 - tint), green: sky, blue: sky * (1 + tint) },
  };
}

/** Moves a view so that the shapes lie wholly inside the picture, anywhere there is room. */
function place(shapes: readonly Shape[], view: View, width: number, height: number, random: Random): View {
  const cos = view.scale * Math.cos(view.angle);
  const sin = view.scale * Math.sin(view.angle);
  const corners = shapes.flatMap(({ xmin, ymin, xmax, ymax }) =>
    [
      [xmin, ymin],
      [xmax, ymin],
      [xmin, ymax],
      [xmax, ymax],
    ].map(([x, y]) => [cos * x - sin * y, sin * x + cos * y]),
  );
  const fit = (axis: number, length: number): number => {
    const low = 2 - Math.min(...corners.map((corner) => corner[axis]));
    const high = length - 2 - Math.max(...corners.map((corner) => corner[axis]));
    return low < high ? random.uniform(low, high) : (low + high) / 2;
  };
  return { ...view, x: fit(0, width), y: fit(1, height) };
}
