import { describe, expect, it } from 'vitest';
import { isOurs } from '../../electron/app-address.ts';
import { mayOpenExternally } from '../../electron/external-links.ts';
import { mayDo, mayLoad } from '../../electron/guards.ts';

const foreign = [
  'https://congeal/',
  'app://congeal.example/',
  'app://congeal:1/',
  'app://ada@congeal/',
  'app:congeal',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'about:blank',
  '',
  'no address',
];

describe('addresses', () => {
  it('of the program are known exactly', () => {
    for (const address of ['app://congeal/', 'app://congeal/stopped.html?reason=x', 'app://congeal/#/p/1'])
      expect([address, isOurs(address)]).toEqual([address, true]);
    for (const address of foreign) expect([address, isOurs(address)]).toEqual([address, false]);
  });

  it('that a page may load are its own', () => {
    for (const address of ['app://congeal/a.js', 'blob:app://congeal/1', 'data:,x', 'devtools://devtools/x'])
      expect([address, mayLoad(address)]).toEqual([address, true]);
    for (const address of [...foreign, 'http://127.0.0.1:80/', 'ws://127.0.0.1/', 'https://arxiv.org/'])
      expect([address, mayLoad(address)]).toEqual([address, false]);
  });

  it('of the program may copy text, and nothing else may do anything', () => {
    expect(mayDo('clipboard-sanitized-write', 'app://congeal/')).toBe(true);
    expect(mayDo('clipboard-sanitized-write', 'app://congeal')).toBe(true);
    for (const address of foreign) expect(mayDo('clipboard-sanitized-write', address)).toBe(false);
    for (const permission of ['clipboard-read', 'media', 'geolocation', 'openExternal', 'fileSystem'])
      expect([permission, mayDo(permission, 'app://congeal/')]).toEqual([permission, false]);
  });

  it('that the system may open are https on a list', () => {
    expect(mayOpenExternally('https://arxiv.org/abs/1506.02025')).toBe(true);
    for (const address of [
      ...foreign,
      'http://arxiv.org/',
      'https://arxiv.org:8443/',
      'https://ada@arxiv.org/',
      'https://arxiv.org.example/',
      'https://evil.example/#https://arxiv.org/',
      'smb://arxiv.org/',
    ])
      expect([address, mayOpenExternally(address)]).toEqual([address, false]);
  });
});
