import { engine } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';

type FilmFrame = AnswerOf<'runs.frames'>['frames'][number];

/** How long the whole film is played, at most and at least between two frames, in milliseconds. */
const playedFor = 6000;
const [fastest, slowest] = [40, 250];

/** The film of a run: which frames there are, which one is shown, whether it plays. */
export class FilmState {
  frames = $state.raw<readonly FilmFrame[]>([]);
  isPlaying = $state(false);
  /** The frame that is shown; undefined: the latest, whichever that is. */
  #at = $state<number | undefined>(undefined);
  #run: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #window: WindowState;
  readonly #project: ProjectState;

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  get index(): number {
    return this.#at ?? this.frames.length - 1;
  }

  get frame(): FilmFrame | undefined {
    return this.frames[this.index];
  }

  get isLatest(): boolean {
    return this.#at === undefined;
  }

  /** Shows the film of a run; asked again, takes in the frames that have come since. */
  async show(run: string): Promise<void> {
    if (run !== this.#run) {
      this.#run = run;
      this.stop();
      this.frames = [];
      this.#at = undefined;
    }
    const answer = await this.#window.try(() => engine.runs.frames({ params: { ...this.#project.params, run } }));
    if (answer !== undefined && this.#run === run) this.frames = answer.frames;
  }

  /** Takes in one new frame. */
  hear(run: string, frame: { readonly frame: string; readonly phase: string; readonly step: number }): void {
    if (run !== this.#run || this.frames.some(({ id }) => id === frame.frame)) return;
    this.frames = [...this.frames, { id: frame.frame, phase: frame.phase, step: frame.step, at: Date.now() }];
  }

  go(index: number): void {
    const last = this.frames.length - 1;
    this.#at = index >= last ? undefined : Math.max(0, index);
  }

  toggle(): void {
    if (this.isPlaying) this.stop();
    else this.#play();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.isPlaying = false;
  }

  #play(): void {
    if (this.frames.length < 2) return;
    if (this.isLatest) this.go(0);
    this.isPlaying = true;
    const pace = Math.max(fastest, Math.min(slowest, playedFor / this.frames.length));
    this.#timer = setInterval(() => {
      this.go(this.index + 1);
      if (this.isLatest) this.stop();
    }, pace);
  }
}
