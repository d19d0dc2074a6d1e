import { z } from 'zod';
import { command } from '../command.ts';
import { count, moment, prose, providerName } from '../values.ts';

const name = providerName.exclude(['auto']);
const provider = z
  .strictObject({
    name,
    description: prose,
    offered: z.boolean().describe('This platform and version have it'),
    state: z.enum(['unknown', 'works', 'fails']).describe('What the last probe found'),
    reason: prose.nullable(),
    probedAt: moment.nullable(),
    device: prose.nullable(),
  })
  .meta({ id: 'Provider' });
const inProvider = z.strictObject({ provider: name });
const chosen = z.strictObject({ provider: providerName, threads: z.number().int().min(1).max(256).nullable() });

/** Execution providers: where networks are computed. */
export const providers = {
  list: command({
    method: 'GET',
    path: '/api/providers',
    summary: 'Execution providers and which is chosen',
    effect: 'reads',
    answer: z.strictObject({ providers: z.array(provider), chosen }),
  }),
  probe: command({
    method: 'POST',
    path: '/api/providers/:provider/probe',
    summary: 'Try a provider in a throw-away process with a numeric self-test',
    effect: 'changes',
    params: inProvider,
    answer: provider,
  }),
  choose: command({
    method: 'PUT',
    path: '/api/providers/chosen',
    summary: 'Choose the provider and the number of threads for runs to come',
    effect: 'changes',
    body: chosen,
    answer: chosen,
  }),
  measure: command({
    method: 'POST',
    path: '/api/providers/:provider/measure',
    summary: 'Measure how fast this machine computes a training step and a model',
    effect: 'reads',
    params: inProvider,
    answer: z.strictObject({
      measured: z.array(z.strictObject({ what: prose, milliseconds: z.number(), repeats: count })),
    }),
  }),
};
