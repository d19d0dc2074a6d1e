import type { Random } from '../../geometry/random.ts';
import { hsl, mixInto, toDisplay, type Colour } from './colour.ts';
import type { Ground } from './ground/kind.ts';
import type { Layer, Light } from './layer.ts';
import { latticeNoise } from './noise.ts';

/** Puts ground, object and leaf together, with exposure, vignette and grain, as 8-bit sRGB. */
export function developPicture(
  object: Layer,
  leaf: Layer | undefined,
  ground: Ground,
  zoom: number,
  light: Light,
  random: Random,
): Uint8Array {
  const { width, height } = object;
  const data = new Uint8Array(3 * width * height);
  const pixel: Colour = { red: 0, green: 0, blue: 0 };
  const exposure = random.uniform(0.85, 1.15);
  const grain = random.uniform(0.01, 0.035);
  const haze = hsl(random.uniform(0, 360), 0.15, 0.5);
  const veil = random.uniform(0, 0.06);
  const noiseSeed = random.integer(1 << 20);
  const sun = light.z * 0.9;
  const lit = (albedo: number, shadow: number, sunlight: number, sky: number): number =>
    albedo * (sun * sunlight * (1 - 0.85 * shadow) + sky * (1 - 0.5 * shadow));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const index = row * width + column;
      ground(column / zoom, row / zoom, pixel);
      const shadow = Math.max(object.shadow[index], leaf?.shadow[index] ?? 0);
      pixel.red = lit(pixel.red, shadow, light.colour.red, light.ambient.red);
      pixel.green = lit(pixel.green, shadow, light.colour.green, light.ambient.green);
      pixel.blue = lit(pixel.blue, shadow, light.colour.blue, light.ambient.blue);
      lay(pixel, object, index, 1 - 0.6 * (leaf?.shadow[index] ?? 0));
      if (leaf) lay(pixel, leaf, index, 1);
      mixInto(pixel, pixel, haze, veil);
      const dx = column / width - 0.5;
      const dy = row / height - 0.5;
      const level =
        exposure * (1 - 0.5 * (dx * dx + dy * dy)) * (1 + grain * 6 * (latticeNoise(column, row, noiseSeed) - 0.5));
      data[3 * index] = toDisplay(pixel.red * level);
      data[3 * index + 1] = toDisplay(pixel.green * level);
      data[3 * index + 2] = toDisplay(pixel.blue * level);
    }
  }
  return data;
}

function lay(pixel: Colour, layer: Layer, index: number, light: number): void {
  const alpha = layer.alpha[index];
  if (alpha === 0) return;
  pixel.red = pixel.red * (1 - alpha) + layer.colour[3 * index] * light;
  pixel.green = pixel.green * (1 - alpha) + layer.colour[3 * index + 1] * light;
  pixel.blue = pixel.blue * (1 - alpha) + layer.colour[3 * index + 2] * light;
}
