import { expect, it } from 'vitest';
import { conflictsOf, keysOfPress } from '../../renderer/screens/settings/key-conflicts.ts';

const command = (id: string, group: string, ...keys: string[]) => ({
  id,
  title: id,
  group,
  keys,
  run: () => undefined,
});

it('two commands conflict where both can be given at the same time', () => {
  const commands = [
    command('undo', 'Edit', '$mod+z'),
    command('accept', 'Collection', 'a'),
    command('all', 'Collection', '$mod+a', 'A'),
    command('align', 'Align', 'a'),
    command('zoom', 'Inspect', '$mod+Z'),
  ];
  const conflicts = conflictsOf(commands, ({ keys }) => keys);
  expect(Object.fromEntries(conflicts)).toEqual({ accept: ['all'], all: ['accept'], undo: ['zoom'], zoom: ['undo'] });
});

it('a key press is written as bindings are', () => {
  const none = { key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(keysOfPress({ ...none, key: 'Z', code: 'KeyZ', ctrlKey: true, shiftKey: true }, false)).toBe('$mod+Shift+z');
  expect(keysOfPress({ ...none, key: 'z', metaKey: true }, true)).toBe('$mod+z');
  expect(keysOfPress({ ...none, key: '¡', code: 'Digit1', altKey: true }, true)).toBe('Alt+Digit1');
  expect(keysOfPress({ ...none, key: 'ArrowLeft' }, false)).toBe('ArrowLeft');
  expect(keysOfPress({ ...none, key: 'Shift', shiftKey: true }, false)).toBe(undefined);
});
