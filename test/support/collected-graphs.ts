import { copyTensor, type Tensor } from '../../core/graph/tensor.ts';
import type { Graph } from '../../core/graph/value.ts';
import type { Session, SessionOptions } from '../../core/runtime/session.ts';

type OpenSession = (model: Uint8Array | Graph, options?: SessionOptions) => Promise<Session>;

/** A model that was opened while learning, and what it was first fed. */
export interface Collected {
  readonly model: Uint8Array | Graph;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** `openSession` that keeps each kind of model it opens with its first feeds; kinds differ in their nodes or ports. */
export function collecting(open: OpenSession, into: Map<string, Collected>): OpenSession {
  return async (model, options) => {
    const session = await open(model, options);
    return {
      ...session,
      run: (feeds, wanted) => {
        const key = [...session.inputNames, ...session.outputNames, kindOf(model)].join(' ');
        if (!into.has(key)) {
          const copies = Object.entries(feeds).map(([name, of]): [string, Tensor] => [name, copyTensor(of)]);
          into.set(key, { model, feeds: Object.fromEntries(copies) });
        }
        return session.run(feeds, wanted);
      },
    };
  };
}

function kindOf(model: Uint8Array | Graph): string {
  return model instanceof Uint8Array ? 'file' : model.nodes.map(({ op }) => op).join('');
}
