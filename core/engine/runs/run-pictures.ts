import type { FinishedRunPicture } from '../../contract/commands/runs.ts';
import { writing, type Project, type ProjectReader } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import type { RunFrame } from '../../store/run-frames.ts';
import { listFrames, loadFrame, replaceFrame, saveFrame } from '../../store/run-frames.ts';

/** What lies beside the film of a run, its pictures at the end among them, begins its stage with this, which no film has. */
export const besideFilm = 'picture ';
const deviation = `${besideFilm}deviation`;

const names: readonly FinishedRunPicture[] = ['mean', 'std', 'mean-before'];

/** Keeps the pictures of a finished run (PNG), in the place of those that an attempt before this one has made. **Throws** as `writing`. */
export function savePictures(
  project: Project,
  run: RunId,
  pictures: Readonly<Record<FinishedRunPicture, Uint8Array>>,
): void {
  writing(project, () => {
    for (const name of names)
      replaceFrame(project, run, { stage: `${besideFilm}${name}`, madeAt: Date.now(), picture: pictures[name] });
  });
}

/* The page about a classifier is made when its run ends, from what only the job has seen. */
const pageStage = `${besideFilm}page`;

/** Keeps the page about what a run learned. **Throws** as `writing`. */
export function savePage(project: Project, run: RunId, page: string): void {
  saveFrame(project, run, { stage: pageStage, madeAt: Date.now(), picture: new TextEncoder().encode(page) });
}

/** The page about what a run learned, or undefined. **Throws** as `reading`. */
export function loadPage(project: ProjectReader, run: RunId): string | undefined {
  const frame = listFrames(project, run).findLast(({ stage }) => stage === pageStage);
  const bytes = frame === undefined ? undefined : loadFrame(project, run, frame.sequence);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Which pictures of a run there are. **Throws** as `reading`. */
export function picturesOf(project: ProjectReader, run: RunId): readonly FinishedRunPicture[] {
  const stages = new Set(listFrames(project, run).map(({ stage }) => stage));
  return names.filter((name) => stages.has(`${besideFilm}${name}`));
}

/** One picture of a run (PNG), or undefined. **Throws** as `reading`. */
export function loadPicture(project: ProjectReader, run: RunId, name: FinishedRunPicture): Uint8Array | undefined {
  const frame = listFrames(project, run).findLast(({ stage }) => stage === `${besideFilm}${name}`);
  return frame === undefined ? undefined : loadFrame(project, run, frame.sequence);
}

/** Keeps a frame of a run's film, the deviation behind the mean, and gives the frame's number. **Throws** as `writing`. */
export function saveFilmFrame(
  project: Project,
  run: RunId,
  { phase, mean, std }: { readonly phase: string; readonly mean: Uint8Array; readonly std?: Uint8Array },
): number {
  const madeAt = Date.now();
  return writing(project, () => {
    const frame = saveFrame(project, run, { stage: phase, madeAt, picture: mean });
    if (std !== undefined) saveFrame(project, run, { stage: deviation, madeAt, picture: std });
    return frame;
  });
}

/** The standard deviation that belongs to a frame of the film (PNG), or undefined. **Throws** as `reading`. */
export function loadDeviation(project: ProjectReader, run: RunId, frame: number): Uint8Array | undefined {
  const next = listFrames(project, run).find(({ sequence }) => sequence === frame + 1);
  return next?.stage === deviation ? loadFrame(project, run, next.sequence) : undefined;
}

/** The film of a run: its frames without their deviations and the pictures of its end. **Throws** as `reading`. */
export function filmOf(project: ProjectReader, run: RunId): readonly RunFrame[] {
  return listFrames(project, run).filter(({ stage }) => !stage.startsWith(besideFilm));
}
