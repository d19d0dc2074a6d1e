/** A triangle that covers everything. */
export const coverVertices = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

/** Numbers under which the shader knows kernels and edges. */
const kernelNumbers = { nearest: 0, bilinear: 1, bicubic: 2 } as const;
const edgeNumbers = { zeros: 0, border: 1, reflection: 2, transparent: 3 } as const;

/** Most control points of a spline that the shader bends by. */
export const mostControlPoints = 64;

export type Kernel = keyof typeof kernelNumbers;

/** Which of the ways to sample a shader is made for. */
export interface Sampling {
  readonly kernel: Kernel;
  readonly edge: keyof typeof edgeNumbers;
  /** Whether a spline bends the canonical frame first. */
  readonly bends: boolean;
}

/** Rows and columns around a place that count, from the one below it. */
const offsets: Readonly<Record<Kernel, readonly number[]>> = {
  nearest: [0],
  bilinear: [0, 1],
  bicubic: [-1, 0, 1, 2],
};

/** Adds up what a kernel reads, without loops and lists: the processor that stands in for a graphics card is slow at both. */
function taps(kernel: Kernel): string {
  const places = offsets[kernel].map(
    (by, n) => `    int x${n} = place(at.x + ${by}, whole.x, corner.x, held.x);
    int y${n} = place(at.y + ${by}, whole.y, corner.y, held.y);`,
  );
  const across = (row: number): string => {
    const read = offsets[kernel].map((_, column) => `pixel(x${column}, y${row})`);
    return {
      nearest: read[0],
      bilinear: `mix(${read.join(', ')}, t.x)`,
      bicubic: read.map((pixel, n) => `across[${n}] * ${pixel}`).join(' + '),
    }[kernel];
  };
  const sum = {
    nearest: () => across(0),
    bilinear: () => `mix(${across(0)}, ${across(1)}, t.y)`,
    bicubic: () => [0, 1, 2, 3].map((n) => `down[${n}] * (${across(n)})`).join('\n      + '),
  }[kernel]();
  const weights = kernel === 'bicubic' ? ['    vec4 across = cubic(t.x);', '    vec4 down = cubic(t.y);'] : [];
  return [...places, ...weights, `    sum = ${sum};`].join('\n');
}

/**
 * Samples a crop as the core does (its sampler and its taps), pixel by pixel. What is chosen is constant in the shader:
 * where no graphics card draws, branches that are not taken seem to cost as much as the others.
 *
 * **Convention**: crop pixel points, corner frame, y down, go through `toPlane`, are bent by the spline where there is
 * one, and go through `toSource` to pixel points counted from the pixel `anchor` of a picture of the size `whole`, of which
 * the texture is the part at `corner`. So what is read, and how it is rounded, does not depend on what else the texture
 * holds. Written premultiplied by alpha.
 */
export const cropFragments = ({ kernel, edge, bends }: Sampling): string => `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
const int kernel = ${kernelNumbers[kernel]};
const int edge = ${edgeNumbers[edge]};
const bool isBent = ${String(bends)};
uniform sampler2D source;
uniform int level;
uniform ivec2 whole;
uniform ivec2 corner;
uniform ivec2 anchor;
uniform mat3 toPlane;
uniform mat3 toSource;
uniform float height;
uniform int controls;
uniform vec2 points[${mostControlPoints}];
uniform vec2 bends[${mostControlPoints}];
uniform mat3 straight;
out vec4 colour;

vec2 mapped(mat3 m, vec2 p) {
  vec3 q = m * vec3(p, 1.0);
  float w = abs(q.z) >= 1e-6 ? q.z : (q.z < 0.0 ? -1e-6 : 1e-6);
  return q.xy / w;
}

vec2 bent(vec2 p) {
  vec2 to = (straight * vec3(p, 1.0)).xy;
  for (int k = 0; k < controls; k++) {
    vec2 d = p - points[k];
    float squared = dot(d, d);
    if (squared > 0.0) to += bends[k] * (squared * log(squared));
  }
  return to;
}

/* Where a row or column of the whole is in the texture; below 0 where there is none. */
int place(int i, int count, int first, int held) {
  int j = i;
  if (edge == 1) j = clamp(i, 0, count - 1);
  else if (i < 0 || i >= count) {
    if (edge == 0 || edge == 3) return -1;
    int period = 2 * count;
    j = i % period;
    if (j < 0) j += period;
    if (j >= count) j = period - 1 - j;
  }
  return clamp(j - first, 0, held - 1);
}

/* Premultiplied; over white where an edge is black, because what lies beyond it is not white. */
vec4 pixel(int x, int y) {
  if ((edge == 0 || edge == 3) && (x < 0 || y < 0)) return vec4(0.0);
  vec4 found = texelFetch(source, ivec2(x, y), level);
  return vec4(found.rgb * found.a + (edge == 0 ? 1.0 - found.a : 0.0), edge == 0 ? 1.0 : found.a);
}

vec4 cubic(float t) {
  const float a = -0.75;
  vec2 far = vec2(1.0 + t, 2.0 - t);
  vec2 near = vec2(t, 1.0 - t);
  vec2 f = ((a * far - 5.0 * a) * far + 8.0 * a) * far - 4.0 * a;
  vec2 n = ((a + 2.0) * near - (a + 3.0)) * near * near + 1.0;
  return vec4(f.x, n.x, n.y, f.y);
}

void main() {
  vec2 p = vec2(gl_FragCoord.x, height - gl_FragCoord.y);
  if (isBent) p = bent(mapped(toPlane, p));
  p = mapped(toSource, p) - 0.5;
  vec4 sum = vec4(0.0);
  if (abs(p.x) < 1e9 && abs(p.y) < 1e9) {
    ivec2 held = textureSize(source, level);
    vec2 low = floor(kernel == 0 ? p + 0.5 : p);
    vec2 t = p - low;
    ivec2 at = ivec2(low) + anchor;
${taps(kernel)}
    if (edge == 1 || edge == 2) sum = vec4(sum.rgb + (1.0 - sum.a), 1.0);
  }
  sum.a = clamp(sum.a, 0.0, 1.0);
  colour = vec4(clamp(sum.rgb, 0.0, edge == 3 ? sum.a : 1.0), edge == 3 ? sum.a : 1.0);
}`;

/** Numbers under which the shader knows the ways to compare. */
export const compareNumbers = {
  none: 0,
  other: 1,
  swipe: 2,
  checkerboard: 3,
  difference: 4,
  'magenta-green': 5,
  opacity: 6,
} as const;

/** Shows a crop, or it and another picture in one place. */
export const compareFragments = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D crop;
uniform sampler2D other;
uniform vec2 size;
uniform int mode;
uniform float place;
uniform float gain;
uniform float cell;
uniform int channel;
out vec4 colour;

float light(vec3 c) {
  return dot(c, vec3(0.2126, 0.7152, 0.0722));
}

void main() {
  vec4 a = texelFetch(crop, ivec2(gl_FragCoord.xy), 0);
  vec2 at = gl_FragCoord.xy / size;
  vec4 b = mode == 0 ? a : texture(other, vec2(at.x, 1.0 - at.y));
  if (mode != 0) b.rgb *= b.a;
  vec4 shown = a;
  if (mode == 1) shown = b;
  if (mode == 2) shown = at.x < place ? a : b;
  if (mode == 3) {
    ivec2 tile = ivec2(floor(gl_FragCoord.xy / cell));
    shown = ((tile.x + tile.y) & 1) == 0 ? a : b;
  }
  if (mode == 4) shown = vec4(min(vec3(1.0), gain * abs(a.rgb - b.rgb)), 1.0);
  if (mode == 5) shown = vec4(light(b.rgb), light(a.rgb), light(b.rgb), 1.0);
  if (mode == 6) shown = mix(a, b, place);
  float alone = channel == 1 ? shown.r : channel == 2 ? shown.g : shown.b;
  colour = channel > 0 ? vec4(vec3(alone), shown.a) : shown;
}`;
