import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasBrowser, startBrowser } from '../support/browser.ts';
import { openDoor } from '../support/door.ts';
import { engineWorld } from '../support/engine-world.ts';

/** A site that means harm, on a port of its own. */
async function hostileSite(): Promise<number> {
  const server = createServer((_request, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end('<!doctype html><title>harmless</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!hasBrowser)('a hostile site in a real browser', () => {
  it('reaches nothing by a name that it points at this machine, nor with the cookie of the victim', async () => {
    const { engine } = engineWorld();
    let ended = false;
    engine.onShutdown(() => (ended = true));
    const door = await openDoor(engine, () =>
      Promise.resolve(
        new Response('<!doctype html><title>Congeal</title>', { headers: { 'Content-Type': 'text/html' } }),
      ),
    );
    const site = await hostileSite();
    const browser = await startBrowser([
      '--host-resolver-rules=MAP attacker.example 127.0.0.1',
      '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
    ]);
    const context = await browser.newContext();
    const victim = await context.newPage();
    await victim.goto(door.address);
    expect([await victim.title(), victim.url()]).toEqual(['Congeal', `http://127.0.0.1:${door.port}/`]);
    const own = await victim.evaluate(async () => (await fetch('/api/health')).status);
    expect(own).toBe(200);

    const attacker = await context.newPage();
    const statuses: number[] = [];
    attacker.on('response', (response) => {
      if (new URL(response.url()).port === String(door.port)) statuses.push(response.status());
    });
    const rebound = `http://attacker.example:${door.port}`;
    expect((await attacker.goto(`${rebound}/?token=${door.token}`))?.status()).toBe(403);
    expect((await attacker.goto(`${rebound}/api/health`))?.status()).toBe(403);
    expect((await attacker.goto(`${rebound}/api/projects/recent`))?.status()).toBe(403);

    await attacker.goto(`http://attacker.example:${site}/`);
    const read = await attacker.evaluate(
      async ({ targets, token }) => {
        const tries = targets.flatMap((target) => [
          fetch(`${target}/api/health`, { credentials: 'include' }),
          fetch(`${target}/api/health`, { headers: { Authorization: `Bearer ${token}` } }),
          fetch(`${target}/api/shutdown`, { method: 'POST', credentials: 'include' }),
        ]);
        for (const target of targets)
          await fetch(`${target}/api/shutdown`, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(
            () => undefined,
          );
        const settled = await Promise.allSettled(tries);
        return settled.filter(({ status }) => status === 'fulfilled').length;
      },
      { targets: [rebound, `http://127.0.0.1:${door.port}`, `http://localhost:${door.port}`], token: door.token },
    );
    expect(read).toBe(0);

    await attacker.setContent(
      `<img src="http://127.0.0.1:${door.port}/api/health"><iframe src="http://127.0.0.1:${door.port}/"></iframe>
       <form method="post" action="http://127.0.0.1:${door.port}/api/shutdown"><button>go</button></form>`,
    );
    await attacker.click('button');
    await attacker.waitForLoadState();
    expect(statuses.length).toBeGreaterThan(3);
    expect(statuses.filter((status) => status < 400)).toEqual([]);
    expect(ended).toBe(false);
  });
});
