/** Makes an element: properties by name, `on...` listeners, `aria-...` and `data-...` attributes, children. Text is text. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key.includes('-')) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Shows a line for some seconds. */
export function note(text, bad = false) {
  const line = make('p', { className: bad ? 'bad' : '', textContent: text });
  byId('notes').append(line);
  setTimeout(() => line.remove(), bad ? 12_000 : 5000);
}

/** Asks the engine; what it refuses is shown and thrown. */
export async function ask(method, path, body) {
  const isFile = body instanceof Blob;
  const answer = await fetch(`/api${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': isFile ? 'application/octet-stream' : 'application/json' },
    body: body === undefined || isFile ? body : JSON.stringify(body),
  }).catch(() => undefined);
  const json = await answer?.json().catch(() => undefined);
  if (answer?.ok) return json;
  const message = json?.error.message ?? 'The engine does not answer; is it still running?';
  note(message, true);
  throw new Error(message);
}

/** A button that cannot be pressed again while it works. */
export function button(text, press, properties = {}) {
  const element = make('button', {
    type: 'button',
    textContent: text,
    ...properties,
    onclick: async () => {
      if (element.ariaBusy === 'true') return;
      element.ariaBusy = 'true';
      await Promise.resolve(press()).catch(() => undefined);
      element.ariaBusy = 'false';
    },
  });
  return element;
}
