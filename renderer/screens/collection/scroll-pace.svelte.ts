/** Pixels between two frames from which on nobody sees what goes by sharply. */
const hurriedStep = 40;
/** How long after such a step scrolling is taken to rest, in milliseconds. */
const rest = 100;

/** How something is scrolled: whether too fast to look, and where to. */
export class ScrollPace {
  isHurried = $state(false);
  /** 1: downwards; -1: upwards. */
  direction = $state<1 | -1>(1);
  #top: number;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(top: number) {
    this.#top = top;
  }

  moved(top: number): void {
    const step = top - this.#top;
    this.#top = top;
    if (step !== 0) this.direction = step > 0 ? 1 : -1;
    if (Math.abs(step) < hurriedStep) return;
    this.isHurried = true;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#restAfter(2), rest);
  }

  /** Where frames take long, a pause between two of them is no rest. */
  #restAfter(frames: number): void {
    const top = this.#top;
    requestAnimationFrame(() => {
      if (top !== this.#top) return;
      if (frames > 1) this.#restAfter(frames - 1);
      else this.isHurried = false;
    });
  }

  close(): void {
    clearTimeout(this.#waiting);
  }
}
