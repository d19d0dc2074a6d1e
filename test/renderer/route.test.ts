import { describe, expect, it } from 'vitest';
import type { Route } from '../../renderer/state/route.ts';
import { fromHash, toHash } from '../../renderer/state/route.ts';

describe('addresses of the window', () => {
  it.each<Route>([
    { screen: 'start' },
    { screen: 'models', project: 'a-1' },
    { screen: 'models', project: 'a-1', part: 'learn' },
    { screen: 'models', part: 'learn' },
    { screen: 'collection', project: 'a-1', image: undefined },
    { screen: 'inspect', project: 'a/b %', image: 'x#y' },
  ])('lead back to the place that made them: %o', (route) => {
    expect(fromHash(toHash(route))).toEqual(route);
  });

  it.each(['', '#/', '#/nowhere', '#/p', '#/p//find', '#/p/a/start2', '#/%E0%A4%A'])('%s is no place', (hash) => {
    expect(fromHash(hash)).toBeUndefined();
  });
});
