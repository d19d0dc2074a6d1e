import { describe, expect, it } from 'vitest';
import { createTickets } from '../../../../core/engine/http/ticket.ts';
import { isToken, tokenOf } from '../../../../core/engine/http/token.ts';
import { openDoor, send } from '../../../support/door.ts';
import { engineWorld } from '../../../support/engine-world.ts';

async function world() {
  const { engine } = engineWorld();
  const door = await openDoor(engine);
  const host = `127.0.0.1:${door.port}`;
  const bearer = { Authorization: `Bearer ${door.token}` };
  const cookie = { Cookie: `a=b; congeal-${door.port}=${door.token}` };
  const ask = async (headers: Record<string, string>, method = 'GET', path = '/api/health') =>
    (await send(door.port, { method, path, headers: { host, ...headers } })).status;
  return { door, host, bearer, cookie, ask };
}

describe('the guard of the loopback door', () => {
  it('lets in the token, by header or by cookie', async () => {
    const { bearer, cookie, ask, door } = await world();
    expect(await ask(bearer)).toBe(200);
    expect(await ask(cookie)).toBe(200);
    expect(await ask({})).toBe(401);
    expect(await ask({ Authorization: `Bearer ${door.token}x` })).toBe(401);
    expect(await ask({ Authorization: 'Bearer wrong', ...cookie })).toBe(401);
    expect(await ask({ Cookie: `congeal-${door.port + 1}=${door.token}` })).toBe(401);
    expect(await ask({ Authorization: `Basic ${door.token}` })).toBe(401);
  });

  it('answers to its own two names only', async () => {
    const { bearer, ask, door } = await world();
    expect(await ask({ ...bearer, host: `localhost:${door.port}` })).toBe(200);
    for (const host of ['attacker.example', `attacker.example:${door.port}`, '127.0.0.1', `127.0.0.1:${door.port + 1}`])
      expect(await ask({ ...bearer, host })).toBe(403);
  });

  it('refuses other sites even with the cookie', async () => {
    const { cookie, ask, host } = await world();
    expect(await ask({ ...cookie, Origin: `http://${host}` })).toBe(200);
    expect(await ask({ ...cookie, Origin: 'null' })).toBe(403);
    expect(await ask({ ...cookie, Origin: `https://${host}` })).toBe(403);
    expect(await ask({ ...cookie, 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
    expect(await ask({ ...cookie, 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' })).toBe(200);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect(await ask({ ...cookie, 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'cors' })).toBe(403);
    expect(await ask({ ...cookie, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).toBe(403);
  });

  it('says why in words to a person who opens an address without the token', async () => {
    const { door, host } = await world();
    const opened = { host, 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' };
    const { status, headers, text } = await send(door.port, { method: 'GET', path: '/', headers: opened });
    expect([status, headers['content-type']]).toEqual([401, 'text/html; charset=UTF-8']);
    expect(text).toContain('Open the whole address that <code>congeal serve</code> printed.');
  });

  it('wants to know which page a change with a cookie comes from', async () => {
    const { cookie, bearer, ask, host } = await world();
    expect(await ask(cookie, 'POST', '/api/cache/clear')).toBe(403);
    expect(await ask({ ...cookie, Origin: `http://${host}` }, 'POST', '/api/cache/clear')).toBe(200);
    expect(await ask(bearer, 'POST', '/api/cache/clear')).toBe(200);
  });

  it('gives the cookie for the token of the address, and takes the token out of the address', async () => {
    const { door, host } = await world();
    const answer = await send(door.port, { method: 'GET', path: `/?token=${door.token}`, headers: { host } });
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe('/');
    expect(answer.headers['set-cookie']).toEqual([
      `congeal-${door.port}=${door.token}; Path=/; HttpOnly; SameSite=Strict`,
    ]);
    const wrong = await send(door.port, { method: 'GET', path: '/?token=wrong', headers: { host } });
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('opens once for a ticket', async () => {
    const { door, host } = await world();
    const path = door.oneTimeAddress().replace(/^http:\/\/[^/]+/, '');
    const open = async () => (await send(door.port, { method: 'GET', path, headers: { host } })).status;
    expect([await open(), await open()]).toEqual([303, 401]);
  });

  it('takes no ticket that waited too long', () => {
    let now = 0;
    const tickets = createTickets(() => now);
    const [early, late] = [tickets.issue(), tickets.issue()];
    expect(tickets.redeem(early)).toBe(true);
    now = 120_001;
    expect(tickets.redeem(late)).toBe(false);
  });

  it('puts its headers on every answer, errors included, and allows no other origin', async () => {
    const { door, bearer, host } = await world();
    for (const [path, status] of [
      ['/api/health', 200],
      ['/nothing', 404],
      ['/api/projects/%2e%2e', 400],
    ] as const) {
      const answer = await send(door.port, { method: 'GET', path, headers: { host, ...bearer } });
      expect(answer.status).toBe(status);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const preflight = await send(door.port, {
      method: 'OPTIONS',
      path: '/api/health',
      headers: { host, ...bearer, Origin: 'http://attacker.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect(preflight.status).toBe(403);
  });
});

describe('tokens', () => {
  it('compare whole', () => {
    expect(isToken('abc', 'abc')).toBe(true);
    for (const wrong of ['', 'ab', 'abcd', 'ABC']) expect(isToken(wrong, 'abc')).toBe(false);
  });

  it('are read from one place: a header that is there counts, whatever the cookie says', () => {
    const headers = new Headers({ authorization: 'Bearer ', cookie: 'congeal-1=t' });
    expect(tokenOf(headers, 1)).toBeUndefined();
  });
});
