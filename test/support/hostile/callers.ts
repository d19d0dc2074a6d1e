import { isSchema } from '../../../core/contract/command.ts';
import type { Maker } from './target.ts';
import { addressed, allCommands as commands, headersOf, nameQuery } from './target.ts';

const json = { 'Content-Type': 'application/json' };

/** Requests of those who have no business here, and in ways that nothing here is asked for. */
export const callers: Readonly<Record<string, Maker>> = {
  'wrong token': (random, target) => {
    const command = random.pick(commands);
    const { token } = target;
    const tokens = ['', token.slice(1), `${token}A`, token.toUpperCase(), 'null', random.integer(1e9).toString(36)];
    const wrongTokens = tokens.filter((one) => one !== token);
    const credentials: Record<string, string>[] = [
      {},
      { Authorization: `Bearer ${random.pick(wrongTokens)}` },
      { Authorization: `Basic ${token}` },
      { Cookie: `congeal-1=${token}` },
      { Cookie: `${target.host.replace('127.0.0.1:', 'congeal-')}=${random.pick(wrongTokens)}` },
    ];
    return {
      wrong: 'wrong token',
      method: command.method,
      path: addressed(command, target),
      headers: { host: target.host, ...json, ...random.pick(credentials) },
      ...(isSchema(command.body) ? { body: '{}' } : {}),
    };
  },
  'wrong host': (random, target) => {
    const hosts = [
      'attacker.example',
      '127.0.0.1',
      'localhost',
      '0.0.0.0',
      '[::1]',
      target.host.replace(/\d$/, ''),
      `${target.host}.attacker.example`,
      `user@${target.host}`,
      `127.1:${target.host.split(':')[1]}`,
    ];
    const command = random.pick(commands);
    return {
      wrong: 'host',
      method: command.method,
      path: addressed(command, target),
      headers: headersOf(target, { host: random.pick(hosts) }),
    };
  },
  'wrong origin': (random, target) => {
    const origins = [
      'null',
      'http://attacker.example',
      `https://${target.host}`,
      'http://127.0.0.1',
      `http://${target.host}.attacker.example`,
      'file://',
      `http://127.0.0.1:${random.integer(60_000)}0`,
    ];
    const command = random.pick(commands);
    return {
      wrong: 'origin',
      method: command.method,
      path: addressed(command, target),
      headers: headersOf(target, { Origin: random.pick(origins) }),
    };
  },
  'wrong site': (random, target) => {
    const command = random.pick(commands);
    const site = random.pick(['cross-site', 'same-site', 'none', 'SAME-ORIGIN', '']);
    const mode = random.pick(['cors', 'no-cors', 'websocket', 'same-origin']);
    return {
      wrong: 'site',
      method: command.method,
      path: addressed(command, target),
      headers: headersOf(target, { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode }),
    };
  },
  'wrong method': (random, target) => {
    const command = random.pick(commands);
    const same = commands.filter(
      (other) => shape(other.path) === shape(command.path) || matches(other.path, addressed(command, target)),
    );
    const taken = same.map(({ method }) => method as string);
    const method = random.pick(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'].filter((one) => !taken.includes(one)),
    );
    return { wrong: 'method', method, path: addressed(command, target), headers: headersOf(target) };
  },
  'wrong type': (random, target) => {
    const command = random.pick(commands.filter(({ body }) => body !== undefined));
    const type = random.pick([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/html',
      'application/jsonp',
      'image/png',
    ]);
    return {
      wrong: 'media type',
      method: command.method,
      path: addressed(command, target) + nameQuery(command),
      headers: headersOf(target, { 'Content-Type': type }),
      body: '{}',
    };
  },
};

function shape(path: string): string {
  return path.replaceAll(/:[a-zA-Z]+/g, ':');
}

function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/:[a-zA-Z]+/g, '[^/]+')}$`).test(path);
}
