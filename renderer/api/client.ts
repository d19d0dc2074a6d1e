import type { Client } from '../../core/contract/client.ts';
import { createClient } from '../../core/contract/client.ts';

/** How the window asks the engine: every command of the contract as a function. */
export type EngineClient = Client<AbortSignal>;

/** The engine behind the window's own origin, whichever door that is. */
export const engine: EngineClient = createClient<AbortSignal>({
  fetch: (address, request) => fetch(address, request),
  base: '',
});
