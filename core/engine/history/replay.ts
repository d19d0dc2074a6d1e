import type { Edit } from '../../store/edits.ts';
import { redo, undo } from '../../store/edits.ts';
import { listRuns } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { publishProject } from '../projects/open-close.ts';
import { publishRun } from '../runs/submit-run.ts';
import { publishHistory } from './make-edit.ts';

/** Undoes the latest edit or does the latest undone one again, and tells what that may have changed. */
export function replayEdit(engine: Engine, open: OpenProject, direction: 'undo' | 'redo'): Edit | null {
  const replayed = direction === 'undo' ? undo(writable(open)) : redo(writable(open));
  if (replayed === undefined) return null;
  for (const table of replayed.tables) tell(engine, open, table);
  publishHistory(engine, open);
  return replayed.edit;
}

function tell(engine: Engine, open: OpenProject, table: string): void {
  const { hub } = engine;
  const project = open.id;
  switch (table) {
    case 'correction':
      for (const { id } of listRuns(open.reader))
        hub.publish({ event: 'transforms-changed', project, run: String(id), images: null });
      break;
    case 'annotation':
    case 'landmark_schema':
      hub.publish({ event: 'annotations-changed', project, images: null });
      break;
    case 'tag':
    case 'image_tag':
      hub.publish({ event: 'tags-changed', project });
      break;
    case 'image':
      engine.revisions.changed(project, null);
      publishProject(engine, open);
      break;
    case 'setting':
      hub.publish({ event: 'groups-changed', project });
      publishProject(engine, open);
      for (const { id } of listRuns(open.reader)) publishRun(engine, open, id);
      break;
  }
}
