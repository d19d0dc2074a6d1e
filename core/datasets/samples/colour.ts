/** Linear light, each channel nominally 0 to 1; mutable, so that inner loops need no allocation. */
export interface Colour {
  red: number;
  green: number;
  blue: number;
}

/** Linear-light colour of a hue in degrees, saturation and lightness in [0, 1]. */
export function hsl(hue: number, saturation: number, lightness: number): Colour {
  const amount = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (((offset + hue / 30) % 12) + 12) % 12;
    return toLinear(lightness - amount * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return { red: channel(0), green: channel(8), blue: channel(4) };
}

/** `a` where t is 0, `b` where t is 1, written into `out`. */
export function mixInto(out: Colour, a: Colour, b: Colour, t: number): void {
  out.red = a.red + (b.red - a.red) * t;
  out.green = a.green + (b.green - a.green) * t;
  out.blue = a.blue + (b.blue - a.blue) * t;
}

/** 0 below `low`, 1 above `high`, smooth between; works with `low > high` too. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** A display value in [0, 1] as linear light (gamma 2.2). */
function toLinear(value: number): number {
  return value ** 2.2;
}

const shoulder = 0.75;
const tableSize = 4096;
const tableMax = 4;
const displayTable = Uint8Array.from({ length: tableSize + 1 }, (_, index) => {
  const light = (index / tableSize) * tableMax;
  // Highlights bend towards white instead of clipping.
  const bent = light <= shoulder ? light : shoulder + (1 - shoulder) * Math.tanh((light - shoulder) / (1 - shoulder));
  return Math.round(255 * bent ** (1 / 2.2));
});

/** Linear light as an 8-bit display value (gamma 2.2, soft highlights). */
export function toDisplay(light: number): number {
  return displayTable[Math.round(Math.min(tableMax, Math.max(0, light)) * (tableSize / tableMax))];
}
