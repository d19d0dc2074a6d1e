import type { Client } from '../../core/contract/client.ts';
import { createClient } from '../../core/contract/client.ts';
import { takeEarly } from './early.ts';

/** How the window asks the engine: every command of the contract as a function. */
export type EngineClient = Client<AbortSignal>;

/** The engine behind the window's own origin, whichever door that is. */
export const engine: EngineClient = createClient<AbortSignal>({
  fetch: (address, request) => (request.method === 'GET' ? takeEarly(address) : undefined) ?? fetch(address, request),
  base: '',
});
