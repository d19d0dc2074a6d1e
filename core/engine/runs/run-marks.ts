import { loadCheckpoint } from '../../store/checkpoints.ts';
import { writing, type Project } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import { listFrames, loadFrame, removeFramesBetween, replaceFrame, saveFrame } from '../../store/run-frames.ts';
import { countLosses, removeLossesAfter } from '../../store/run-losses.ts';
import { besideFilm } from './run-pictures.ts';

/* Where the film and the loss curve were when a run's last state was kept: the mark's place, and in it their number. */
const markStage = `${besideFilm}mark`;

/** Notes that a state has been kept from which the run can go on: its film and its loss curve can, too. **Throws** as `writing`. */
export function markRun(project: Project, run: RunId): void {
  replaceFrame(project, run, markOf(countLosses(project, run)));
}

/**
 * Takes off the film and off the loss curve what a run that goes on from its last state, or begins anew without one, shows
 * again; numbers of frames are not given twice. **Throws** as `writing`.
 */
export function rewindRun(project: Project, run: RunId): void {
  writing(project, () => {
    const marks = listFrames(project, run).filter(({ stage }) => stage === markStage);
    const mark = loadCheckpoint(project, run) === undefined ? undefined : marks.at(-1);
    const losses = mark === undefined ? 0 : lossesAt(loadFrame(project, run, mark.sequence));
    removeLossesAfter(project, run, losses);
    const end = saveFrame(project, run, markOf(losses));
    removeFramesBetween(project, run, mark?.sequence ?? 0, end);
  });
}

function markOf(losses: number) {
  return { stage: markStage, madeAt: Date.now(), picture: new TextEncoder().encode(String(losses)) };
}

function lossesAt(mark: Uint8Array | undefined): number {
  return Number(new TextDecoder().decode(mark)) || 0;
}
