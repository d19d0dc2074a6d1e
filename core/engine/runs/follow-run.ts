import type { DoorEvent } from '../../contract/door-events.ts';
import type { ProgressMessage } from '../../contract/events.ts';
import type { Project } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import type { LossPoint } from '../../store/run-losses.ts';
import { saveLosses } from '../../store/run-losses.ts';
import { setRunProgress } from '../../store/runs.ts';
import type { RunEvent } from '../run-journal.ts';
import type { LiveRun } from './live-runs.ts';
import { saveFilmFrame } from './run-pictures.ts';
import type { KeptProgress } from './kept-progress.ts';
import { createTimeLeft } from './time-left.ts';
import { createWorkingTime } from './working-time.ts';

/** Writes down what is seen of a run while it goes on, and tells it. */
export interface Follower {
  readonly live: LiveRun;
  readonly tell: (event: RunEvent) => void;
  /** It works from now on, or rests: its turn has come or is over, a pause has begun or ended. */
  readonly setWorking: (working: boolean) => void;
  /** Writes down what is still held back. */
  readonly flush: () => void;
}

/** What a follower needs to know of the run. */
export interface Followed {
  readonly id: string;
  readonly project: Project;
  readonly run: RunId;
  /** What was written down about it before. */
  readonly before: KeptProgress | null;
  readonly publish: (event: DoorEvent) => void;
  /** Tells that the row has changed. */
  readonly changed: () => void;
  /** The image of a file's name in the run, as doors know it. */
  readonly imageOf: (file: string) => string | null;
}

/** Progress is told at most so often, and written down at most so often, in milliseconds. */
const toldEvery = 100;
const writtenEvery = 1000;

/** Follows one run from its turn to its end. */
export function followRun({ id, project, run, before, publish, changed, imageOf }: Followed): Follower {
  const { seconds, setWorking } = createWorkingTime(before?.seconds);
  const live: LiveRun = {
    progress: null,
    interruptions: before?.interruptions ?? 0,
    seconds,
    failures: [],
    film: null,
  };
  const timeLeft = createTimeLeft();
  const losses: LossPoint[] = [];
  let toldAt = -Infinity;
  let writtenAt = -Infinity;
  const named = { project: id, run: String(run) };

  function flush(): void {
    writtenAt = performance.now();
    if (losses.length > 0) {
      saveLosses(project, run, losses);
      losses.length = 0;
    }
    if (live.progress === null) return;
    const kept: KeptProgress = { ...live.progress, interruptions: live.interruptions, seconds: seconds() };
    setRunProgress(project, run, { ...kept });
  }

  function progressed({ phase, done, total, loss }: ProgressMessage): void {
    const now = performance.now();
    const known = loss === undefined || !Number.isFinite(loss) ? {} : { loss };
    const whole = { phase, done: Math.max(0, Math.round(done)), total: Math.max(0, Math.round(total)) };
    const ended = phase !== live.progress?.phase || done >= total;
    live.progress = { ...whole, ...known, secondsLeft: timeLeft.at({ phase, done, total }, now) };
    if ('loss' in known) losses.push({ stage: phase, step: whole.done, loss: known.loss });
    if (ended || now - toldAt >= toldEvery) {
      toldAt = now;
      publish({ event: 'run-progress', ...named, progress: live.progress });
    }
    if (now - writtenAt >= writtenEvery) flush();
  }

  return {
    live,
    flush,
    setWorking: (working) => {
      setWorking(working);
      timeLeft.restart();
    },
    tell: (event) => {
      switch (event.event) {
        case 'progress':
          progressed(event);
          break;
        case 'frame': {
          const frame = String(saveFilmFrame(project, run, event));
          const poses = (event.poses ?? []).flatMap(({ id: file, toUnit }) => {
            const image = imageOf(file);
            return image === null ? [] : [{ image, toUnit }];
          });
          live.film = { frame, poses };
          publish({ event: 'run-frame', ...named, frame, phase: event.phase, step: event.index });
          break;
        }
        case 'failure': {
          const { file, code, reason } = event;
          live.failures.push({ file, code, reason });
          publish({ event: 'run-failure', ...named, image: imageOf(file), file, code, reason: reason.slice(0, 4000) });
          break;
        }
        case 'note':
          publish({ event: 'note', project: id, level: 'info', message: event.message.slice(0, 4000) });
          break;
        case 'status':
          if (event.status === 'interrupted') live.interruptions += 1;
          // What was not written before another worker goes on comes again.
          else losses.length = 0;
          changed();
          break;
      }
    },
  };
}
