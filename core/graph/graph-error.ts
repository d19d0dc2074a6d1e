/** A graph that cannot be: wrong shapes, a missing gradient, an unknown op. The message names the op and the input. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}
