import { fromHash } from '../state/route.ts';

/** Answers on their way to whoever asks for the same first. */
const asked = new Map<string, Promise<Response>>();

/** Milliseconds after which an answer that nobody took is out of date. */
const keptFor = 10_000;

/**
 * Asks for what the program needs first, before the program itself is there: reading its script takes longer than all
 * these answers. Events come first of all, so that nothing which happens after an answer is missed.
 *
 * The addresses are those of the contract, which is not loaded yet; one that nobody asks for costs a request, and a test
 * of the opening fails.
 */
export function askEarly(hash: string): void {
  const { project } = fromHash(hash) ?? {};
  const ofProject = (path: string) => `/api/projects/${encodeURIComponent(project ?? '')}${path}`;
  const addresses = ['/api/events', '/api/projects', '/api/settings', '/api/projects/recent'];
  if (project !== undefined)
    addresses.push(ofProject(''), ofProject('/runs?limit=200'), ofProject('/history?limit=1'), ofProject('/tags'));
  for (const address of addresses) {
    const answer = fetch(address, { headers: { Accept: '*/*' } });
    // Whoever takes it hears of a failure.
    answer.catch(() => undefined);
    asked.set(address, answer);
  }
  setTimeout(() => asked.clear(), keptFor);
}

/** The answer to what was asked early, once; undefined where it was not. */
export function takeEarly(address: string): Promise<Response> | undefined {
  const answer = asked.get(address);
  asked.delete(address);
  return answer;
}
