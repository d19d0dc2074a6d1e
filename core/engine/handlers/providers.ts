import type { ListedProvider } from '../../compute/providers.ts';
import type { Jobs } from '../../compute/job-kinds.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Engine } from '../engine.ts';
import type { GroupHandlers } from '../handler.ts';

type Probed = Jobs['probe provider']['result'];

/** What the last probe of a provider said, and when. */
interface Known {
  readonly probed: Probed;
  readonly at: number;
}

/** Steps that a probe times. */
const timedSteps = 4;

/** Execution providers: list, try in a throw-away process, choose, measure. */
export function providersHandlers(engine: Engine): GroupHandlers<'providers'> {
  const known = new Map<string, Known>();
  const view = (listed: ListedProvider) => {
    const found = known.get(listed.name);
    const { name, description, offered } = listed;
    const failure = found?.probed.ok === false ? found.probed.reason : null;
    const state: 'unknown' | 'works' | 'fails' = found === undefined ? 'unknown' : found.probed.ok ? 'works' : 'fails';
    const reason = (failure ?? (state === 'works' ? null : listed.reason))?.slice(0, 4000) ?? null;
    return { name, description, offered, state, reason, probedAt: found?.at ?? null, device: null };
  };
  const listed = (signal: AbortSignal) =>
    engine.workers.call('list providers', undefined, { signal, priority: 'interactive' });
  const chosen = () => {
    const { provider, threads } = engine.settings.read();
    return { provider, threads };
  };
  const probe = async (name: ListedProvider['name'], signal: AbortSignal) => {
    const probed = await engine.workers.call('probe provider', { name }, { signal, priority: 'interactive' });
    known.set(name, { probed, at: Date.now() });
    engine.hub.publish({ event: 'providers-changed' });
    return probed;
  };
  return {
    list: async (_request, { signal }) => ({ providers: (await listed(signal)).map(view), chosen: chosen() }),
    probe: async ({ params: { provider } }, { signal }) => {
      await probe(provider, signal);
      const found = (await listed(signal)).find(({ name }) => name === provider);
      if (found === undefined) throw new CongealError('not-found', `There is no provider '${provider}'.`);
      return view(found);
    },
    choose: ({ body }) => {
      const settings = engine.settings.change(body);
      engine.hub.publish({ event: 'settings-changed', settings });
      engine.hub.publish({ event: 'providers-changed' });
      return chosen();
    },
    measure: async ({ params: { provider } }, { signal }) => {
      const probed = await probe(provider, signal);
      if (!probed.ok)
        throw new CongealError('unsupported', `The provider '${provider}' does not work here: ${probed.reason}`);
      const { millisecondsPerStep: milliseconds } = probed;
      return { measured: [{ what: 'a training step of a small network', milliseconds, repeats: timedSteps }] };
    },
  };
}
