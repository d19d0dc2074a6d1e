import { pixelToUnit } from '../../../core/geometry/frames.ts';
import { identity3, multiply, type Matrix3 } from '../../../core/geometry/matrix.ts';
import type { Size } from '../../../core/geometry/units.ts';
import { placeLevel, type HeldPart } from './crop-plan.ts';
import type { Outside } from './crop-pose.ts';
import { linkProgram, type ShaderProgram } from './programs.ts';
import type { Kernel, Sampling } from './shaders.ts';
import { compareFragments, compareNumbers, coverVertices, cropFragments } from './shaders.ts';
import type { SplineNumbers } from './spline.ts';

export type CompareMode = keyof typeof compareNumbers;

/** A part of an original in the graphics card's memory, with halved copies. */
export interface PartTexture extends HeldPart {
  readonly texture: WebGLTexture;
  readonly levels: number;
}

/** What is drawn: from which part, at which of its levels, through which map. */
export interface CropDrawing {
  readonly part: PartTexture;
  readonly level: number;
  /** Canonical points, bent by the spline where there is one, to pixel points of the whole at the part's scale. */
  readonly toWhole: Matrix3;
  readonly spline?: SplineNumbers | undefined;
  readonly kernel: Kernel;
  readonly outside: Outside;
}

/** How a crop is shown with another picture; `place` is where a swipe divides, or how much of the other shows through. */
export interface Comparison {
  readonly mode: CompareMode;
  readonly place: number;
  readonly gain: number;
  /** Side of a square of the checkerboard in pixels. */
  readonly cell: number;
  /** 0 all, 1 red, 2 green, 3 blue as grey. */
  readonly channel: 0 | 1 | 2 | 3;
}

/** Draws crops on a canvas with WebGL 2. */
export class CropRenderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #crops = new Map<string, ShaderProgram>();
  readonly #compare: ShaderProgram;
  readonly #target: WebGLTexture;
  readonly #frame: WebGLFramebuffer;
  #targetSize: Size = { width: 0, height: 0 };
  #other: WebGLTexture | undefined;

  /** **Throws** an Error where the browser has no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', {
      alpha: true,
      antialias: false,
      depth: false,
      preserveDrawingBuffer: true,
    });
    if (gl === null) throw new Error('This browser has no WebGL 2.');
    this.#gl = gl;
    this.#compare = linkProgram(gl, coverVertices, compareFragments);
    this.#target = gl.createTexture();
    this.#frame = gl.createFramebuffer();
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.disable(gl.DITHER);
    gl.bindVertexArray(gl.createVertexArray());
  }

  /** Puts a picture of a part into the card's memory. */
  upload(bitmap: ImageBitmap, part: HeldPart): PartTexture {
    const texture = this.#texture(bitmap);
    const gl = this.#gl;
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST_MIPMAP_NEAREST);
    return { ...part, texture, levels: 1 + Math.floor(Math.log2(Math.max(bitmap.width, bitmap.height))) };
  }

  release({ texture }: PartTexture): void {
    this.#gl.deleteTexture(texture);
  }

  /** Takes the picture that crops are compared with; none where it is undefined. */
  setOther(bitmap: ImageBitmap | undefined): void {
    if (this.#other !== undefined) this.#gl.deleteTexture(this.#other);
    this.#other = bitmap === undefined ? undefined : this.#texture(bitmap);
    if (bitmap !== undefined) this.#gl.texParameteri(this.#gl.TEXTURE_2D, this.#gl.TEXTURE_MIN_FILTER, this.#gl.LINEAR);
  }

  /** Draws a crop as large as the canvas. */
  draw(crop: CropDrawing, comparison: Comparison, size: Size): void {
    const gl = this.#gl;
    const canvas = gl.canvas;
    if (canvas.width !== size.width) canvas.width = size.width;
    if (canvas.height !== size.height) canvas.height = size.height;
    gl.viewport(0, 0, size.width, size.height);
    const mode = this.#other === undefined ? 'none' : comparison.mode;
    const isAlone = mode === 'none' && comparison.channel === 0;
    if (!isAlone) this.#bindTarget(size);
    this.#drawCrop(crop, size);
    if (isAlone) return;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.#drawComparison({ ...comparison, mode }, size);
  }

  /** Waits until all that was asked for is on the canvas: for measuring. */
  finish(): void {
    const gl = this.#gl;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  close(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  #texture(bitmap: ImageBitmap): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    return texture;
  }

  #bindTarget({ width, height }: Size): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    if (this.#targetSize.width === width && this.#targetSize.height === height) return;
    this.#targetSize = { width, height };
    gl.bindTexture(gl.TEXTURE_2D, this.#target);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.#target, 0);
  }

  #drawCrop({ part, level, toWhole, spline, kernel, outside }: CropDrawing, { width, height }: Size): void {
    const gl = this.#gl;
    const bends = spline !== undefined;
    const { program, at } = this.#cropProgram({ kernel, edge: outside, bends });
    const { whole, corner, anchor, toAnchor } = placeLevel(part, level, toWhole);
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, part.texture);
    gl.uniform1i(at('source'), 0);
    gl.uniform1i(at('level'), level);
    gl.uniform2i(at('whole'), whole.width, whole.height);
    gl.uniform2i(at('corner'), corner.x, corner.y);
    gl.uniform2i(at('anchor'), anchor.x, anchor.y);
    const toPlane = pixelToUnit(width, height);
    /* Without a bend in between both maps are one, worked out in float64. */
    gl.uniformMatrix3fv(at('toPlane'), true, bends ? toPlane : identity3);
    gl.uniformMatrix3fv(at('toSource'), true, bends ? toAnchor : multiply(toAnchor, toPlane));
    gl.uniform1f(at('height'), height);
    if (spline !== undefined) {
      gl.uniform1i(at('controls'), spline.count);
      gl.uniform2fv(at('points'), spline.points);
      gl.uniform2fv(at('bends'), spline.bends);
      gl.uniformMatrix3fv(at('straight'), true, spline.straight);
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #cropProgram(sampling: Sampling): ShaderProgram {
    const key = Object.values(sampling).join();
    const known = this.#crops.get(key) ?? linkProgram(this.#gl, coverVertices, cropFragments(sampling));
    this.#crops.set(key, known);
    return known;
  }

  #drawComparison({ mode, place, gain, cell, channel }: Comparison, { width, height }: Size): void {
    const gl = this.#gl;
    const { program, at } = this.#compare;
    gl.useProgram(program);
    for (const [unit, name, texture] of [
      [0, 'crop', this.#target],
      [1, 'other', this.#other ?? this.#target],
    ] as const) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(at(name), unit);
    }
    gl.uniform2f(at('size'), width, height);
    gl.uniform1i(at('mode'), compareNumbers[mode]);
    gl.uniform1f(at('place'), place);
    gl.uniform1f(at('gain'), gain);
    gl.uniform1f(at('cell'), cell);
    gl.uniform1i(at('channel'), channel);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.activeTexture(gl.TEXTURE0);
  }
}
