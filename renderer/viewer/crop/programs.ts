/** A linked program with its uniforms by name. */
export interface ShaderProgram {
  readonly program: WebGLProgram;
  readonly at: (name: string) => WebGLUniformLocation | null;
}

/** Compiles and links a program. **Throws** an Error with what the compiler says: that is a bug in the shader. */
export function linkProgram(gl: WebGL2RenderingContext, vertices: string, fragments: string): ShaderProgram {
  const program = gl.createProgram();
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, vertices],
    [gl.FRAGMENT_SHADER, fragments],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error('The graphics context is lost.');
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true && !gl.isContextLost())
      throw new Error(`The shader does not compile: ${gl.getShaderInfoLog(shader) ?? ''}`);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost())
    throw new Error(`The shader does not link: ${gl.getProgramInfoLog(program) ?? ''}`);
  const known = new Map<string, WebGLUniformLocation | null>();
  return {
    program,
    at: (name) => {
      const found = known.get(name) ?? gl.getUniformLocation(program, name);
      known.set(name, found);
      return found;
    },
  };
}
