/*
 * The world in which the shell's preload script runs, as a script that runs before the page's own. Called with the preload
 * script as a function, the hidden name of the way to the main process, and the hidden name under which that process calls
 * back. Like Electron's bridge between contexts it hands over copies and functions, never objects of the other side.
 * Plain JavaScript: it is put into the page as text.
 */
export function preloadWorld(preload, invokeName, hiddenName) {
  if (window !== window.top) return;
  const invoke = window[invokeName];
  delete window[invokeName];
  const listeners = new Map();
  const paths = new Map();
  let announced = {};
  const keyOf = (file) => `${file.name}/${file.size}/${file.lastModified}`;

  const cross = (value) => {
    if (typeof value === 'function') return (...words) => cross(value(...words.map(cross)));
    if (value instanceof Promise) return value.then(cross);
    if (value instanceof Blob) return value;
    if (Array.isArray(value)) return value.map(cross);
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cross(one)]));
    return structuredClone(value);
  };
  const freeze = (value) => {
    if (value !== null && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };

  const electron = {
    contextBridge: {
      exposeInMainWorld: (name, bridge) =>
        Object.defineProperty(window, name, { value: freeze(cross(bridge)), enumerable: true }),
    },
    ipcRenderer: {
      invoke: (channel, ...words) =>
        invoke(channel, structuredClone(words)).catch((error) => {
          throw new Error(`Error invoking remote method '${channel}': ${error}`);
        }),
      on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    },
    webUtils: { getPathForFile: (file) => paths.get(keyOf(file)) ?? '' },
  };

  // Only what a person really dropped has a path: a file that a script made has none.
  addEventListener(
    'drop',
    (event) => {
      if (!event.isTrusted) return;
      for (const file of event.dataTransfer.files) paths.set(keyOf(file), announced[file.name] ?? '');
    },
    true,
  );
  Object.defineProperty(window, hiddenName, {
    value: {
      announce: (files) => (announced = files),
      send: (channel, words) => (listeners.get(channel) ?? []).forEach((listener) => listener({}, ...words)),
    },
  });
  // A sandboxed preload script can load electron and nothing else.
  const require = (name) => {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  };
  preload(require, { exports: {} }, {});
}
