import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../../../core/contract/client.ts';
import { addressOf, createClient } from '../../../core/contract/client.ts';
import { commands } from '../../../core/contract/commands.ts';
import { CongealError } from '../../../core/contract/errors.ts';

function answering(
  status: number,
  body: unknown,
): { asked: [string, HttpRequest<AbortSignal>][]; fetch: () => Promise<HttpAnswer> } {
  const asked: [string, HttpRequest<AbortSignal>][] = [];
  const fetch = (...words: unknown[]) => {
    asked.push(words as [string, HttpRequest<AbortSignal>]);
    return Promise.resolve(new Response(body === undefined ? '<html>' : JSON.stringify(body), { status }));
  };
  return { asked, fetch };
}

describe('the client', () => {
  it('asks as the contract says', async () => {
    const { asked, fetch } = answering(200, { images: [], next: null, total: 0, revision: 3 });
    const client = createClient<AbortSignal>({ fetch, base: 'http://x', token: 't' });
    const page = await client.images.page({ params: { project: 'p/1' }, query: { limit: 5, tags: ['a', 'b'] } });
    expect(page.revision).toBe(3);
    const [[address, { method, headers }]] = asked;
    expect(address).toBe('http://x/api/projects/p%2F1/images?limit=5&tags=a&tags=b');
    expect([method, headers['Authorization']]).toEqual(['GET', 'Bearer t']);
  });

  it('throws what the engine refuses, with its code', async () => {
    const error = { code: 'project-locked', message: 'Taken.', details: { by: 7 } };
    const { fetch } = answering(409, { error });
    const refused = createClient<AbortSignal>({ fetch, base: '' }).system.health();
    await expect(refused).rejects.toMatchObject({ code: 'project-locked', message: 'Taken.', details: { by: 7 } });
    await expect(refused).rejects.toBeInstanceOf(CongealError);
  });

  it.each([
    [502, undefined],
    [500, { error: { code: 'toString', message: '', details: {} } }],
  ])('calls what is no envelope or no code of ours an internal error', async (status, body) => {
    const { fetch } = answering(status, body);
    await expect(createClient<AbortSignal>({ fetch, base: '' }).system.health()).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('refuses an answer that does not fit the contract', async () => {
    const { fetch } = answering(200, { status: 'ready', surprise: 1 });
    await expect(createClient<AbortSignal>({ fetch, base: '' }).system.health()).rejects.toThrow('surprise');
  });

  it('gives addresses that a page loads by itself', () => {
    const address = addressOf(commands.pictures.warp, {
      params: { project: 'p', image: '7' },
      query: { matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], mirrored: true },
    });
    expect(address).toBe(
      '/api/projects/p/images/7/warp?matrix=1&matrix=0&matrix=0&matrix=0&matrix=1&matrix=0&matrix=0&matrix=0&matrix=1&mirrored=true',
    );
  });
});
