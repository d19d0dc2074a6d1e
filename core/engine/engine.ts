import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Workers, WorkersOptions } from '../compute/supervisor/workers.ts';
import type { FolderTree } from './folders/folder-tree.ts';
import { createFolderTree } from './folders/folder-tree.ts';
import type { Grants } from './folders/grants.ts';
import { createGrants } from './folders/grants.ts';
import type { Revisions } from './images/revisions.ts';
import { createRevisions } from './images/revisions.ts';
import type { PictureCache } from './images/thumbnail-cache.ts';
import { createPictureCache } from './images/thumbnail-cache.ts';
import type { TilePyramids } from './images/tile-pyramids.ts';
import { createTilePyramids } from './images/tile-pyramids.ts';
import type { RecentProjects } from './projects/recent-projects.ts';
import { openRecentProjects } from './projects/recent-projects.ts';
import type { Uploads } from './uploads/uploads.ts';
import { createUploads } from './uploads/uploads.ts';
import type { Degraded } from './degraded.ts';
import { createDegraded } from './degraded.ts';
import { createEngineWorkers } from './engine-workers.ts';
import type { EventHub } from './event-hub.ts';
import { createEventHub } from './event-hub.ts';
import type { Log } from './log.ts';
import { silentLog } from './log.ts';
import type { OpenProjects } from './open-projects.ts';
import { createOpenProjects } from './open-projects.ts';
import type { LiveRuns } from './runs/live-runs.ts';
import { createLiveRuns, interruptRuns } from './runs/live-runs.ts';
import type { SettingsFile } from './settings/settings-file.ts';
import { openSettings } from './settings/settings-file.ts';
import { defaultStateFolder } from './state-folder.ts';

/** Where an engine keeps things and what it may look at. */
export interface EngineOptions {
  /** Settings, the recent list, imported models, logs. */
  readonly stateFolder?: string;
  /** Thumbnails and feature maps; the user's cache folder by default. */
  readonly cacheFolder?: string;
  /** Folders in which a browser may choose folders; the home folder by default. */
  readonly roots?: readonly string[];
  readonly log?: Log;
  /** How workers are kept, where that shall differ from what suits the machine. */
  readonly workers?: WorkersOptions;
}

/** The process's engine: everything that lives longer than a request. Handlers and use-cases get it whole. */
export interface Engine {
  readonly stateFolder: string;
  readonly cacheFolder: string | undefined;
  readonly roots: readonly string[];
  readonly log: Log;
  readonly hub: EventHub;
  readonly projects: OpenProjects;
  readonly settings: SettingsFile;
  /** Processes that compute; none is forked before it is needed. */
  readonly workers: Workers;
  /** Runs that wait or go on. */
  readonly runs: LiveRuns;
  /** Thumbnails and previews, kept between starts. */
  readonly cache: PictureCache;
  /** Tiles of the originals that people look at. */
  readonly tiles: TilePyramids;
  /** Counts the changes of collections. */
  readonly revisions: Revisions;
  /** Folders that can be chosen in, and those that were chosen. */
  readonly folders: FolderTree;
  readonly grants: Grants;
  readonly uploads: Uploads;
  /** What of the program cannot be used here, and why. */
  readonly degraded: Degraded;
  readonly recent: RecentProjects;
  /** When it was made, in milliseconds of the monotonic clock. */
  readonly madeAt: number;
  /** Calls back when someone asks the engine to end. */
  readonly onShutdown: (listener: () => void) => void;
  readonly requestShutdown: () => void;
  /** Ends everything that it started, in order; once. */
  readonly close: () => Promise<void>;
}

/** Makes an engine. Loads neither image nor network libraries: it is ready at once. */
export function createEngine(options: EngineOptions = {}): Engine {
  const projects = createOpenProjects();
  const runs = createLiveRuns();
  const listeners = new Set<() => void>();
  const stateFolder = resolve(options.stateFolder ?? defaultStateFolder());
  const log = options.log ?? silentLog;
  const hub = createEventHub();
  const workers = createEngineWorkers(hub, options.workers);
  const roots = (options.roots ?? [homedir()]).map((root) => resolve(root));
  const settings = openSettings(stateFolder, (message) => log.warn({}, message));
  const cache = createPictureCache(options.cacheFolder, () => settings.read().cacheBytes);
  let closing: Promise<void> | undefined;
  return {
    stateFolder,
    cacheFolder: options.cacheFolder,
    roots,
    log,
    hub,
    projects,
    settings,
    workers,
    runs,
    cache,
    tiles: createTilePyramids({ workers, cache, settings }),
    revisions: createRevisions(hub),
    folders: createFolderTree(roots),
    grants: createGrants(),
    uploads: createUploads(),
    degraded: createDegraded(workers, cache),
    recent: openRecentProjects(stateFolder),
    madeAt: performance.now(),
    onShutdown: (listener) => void listeners.add(listener),
    requestShutdown: () => listeners.forEach((listener) => listener()),
    close: () => (closing ??= closeAll({ projects, workers, runs, cache })),
  };
}

/** Runs first, so that they note how they ended; then who computes; then the files. */
async function closeAll({
  projects,
  workers,
  runs,
  cache,
}: Pick<Engine, 'projects' | 'workers' | 'runs' | 'cache'>): Promise<void> {
  await interruptRuns(runs);
  await workers.close();
  projects.closeAll();
  cache.close();
}
