import { engine } from '../api/client.ts';
import type { AnswerOf } from '../api/types.ts';
import type { ProjectState } from '../state/project.svelte.ts';

/** One image as a run that goes on sees it just now. */
export type LivePose = AnswerOf<'runs.poses'>['poses'][number];

/** Where a run that goes on has its images just now; asked for at every frame of its film, never two at a time. */
export class LivePoses {
  list = $state.raw<readonly LivePose[]>([]);
  #run: string | undefined;
  #wanted: string | undefined;
  #isAsking = false;

  /** Follows a run; call it with every new frame. */
  async follow(project: ProjectState, run: string, frame: string | undefined): Promise<void> {
    if (run !== this.#run) this.list = [];
    this.#run = run;
    this.#wanted = frame ?? '';
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let asked: string | undefined; asked !== this.#wanted;) {
        asked = this.#wanted;
        const { poses } = await engine.runs.poses({ params: { ...project.params, run: this.#run } });
        if (poses.length > 0) this.list = poses;
      }
    } catch {
      // What moves while a run goes on is only shown: the next frame asks again.
    } finally {
      this.#isAsking = false;
    }
  }
}
