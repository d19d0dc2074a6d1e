/** Keeps what was used last, up to a number; what falls out is let go of. */
export class RecentCache<Value> {
  readonly #kept = new Map<string, Value>();
  readonly #most: number;
  readonly #release: (value: Value) => void;

  constructor(most: number, release: (value: Value) => void) {
    this.#most = most;
    this.#release = release;
  }

  /** The value, which counts as used now. */
  get(key: string): Value | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  set(key: string, value: Value): void {
    const before = this.#kept.get(key);
    if (before !== undefined) this.#release(before);
    this.#kept.delete(key);
    this.#kept.set(key, value);
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= this.#most) return;
      this.#kept.delete(oldest);
      this.#release(old);
    }
  }

  clear(): void {
    for (const value of this.#kept.values()) this.#release(value);
    this.#kept.clear();
  }
}
