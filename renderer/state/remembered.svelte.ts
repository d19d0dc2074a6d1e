/** A choice of how things are shown, which this browser remembers: it belongs to no project. */
export interface Remembered<Value> {
  value: Value;
}

/** One of a few values, kept in the browser's own storage; `otherwise` where nothing fitting was kept. */
export function remembered<Value extends string>(
  key: string,
  among: readonly Value[],
  otherwise: Value,
): Remembered<Value> {
  const kept = read(key);
  let value = $state(among.find((one) => one === kept) ?? otherwise);
  return {
    get value() {
      return value;
    },
    set value(next) {
      value = next;
      write(key, next);
    },
  };
}

/** Storage may be forbidden or full; then a choice lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(`congeal.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`congeal.${key}`, value);
  } catch {
    // Nothing depends on it.
  }
}
