/**
 * The tables that a person's edits may change, with every column that an edit may set: nothing else is ever replayed
 * from an undo log, whatever a file says. `follows` names columns that refer to rows which can leave without being an
 * edit (an image that is no longer there, a run that was deleted): what hung on them leaves with them.
 */
export const editableTables = {
  image: { key: ['id'], columns: ['removed_at'], follows: {}, operations: ['update'] },
  tag: { key: ['id'], columns: ['name', 'colour'], follows: {}, operations: ['insert', 'update', 'delete'] },
  image_tag: {
    key: ['image_id', 'tag_id'],
    columns: [],
    follows: { image_id: 'image' },
    operations: ['insert', 'update', 'delete'],
  },
  correction: {
    key: ['run_id', 'image_id'],
    columns: ['decision', 'matrix', 'mirrored', 'box', 'pins', 'changed_at'],
    follows: { run_id: 'run', image_id: 'image' },
    operations: ['insert', 'update', 'delete'],
  },
  landmark_schema: {
    key: ['id'],
    columns: ['name', 'landmarks', 'edges'],
    follows: {},
    operations: ['insert', 'update', 'delete'],
  },
  annotation: {
    key: ['id'],
    columns: ['image_id', 'run_id', 'kind', 'geometry', 'label', 'landmark', 'origin', 'source_id', 'changed_at'],
    follows: { image_id: 'image', run_id: 'run' },
    operations: ['insert', 'update', 'delete'],
  },
  setting: { key: ['key'], columns: ['value'], follows: {}, operations: ['insert', 'update', 'delete'] },
} as const satisfies Record<string, EditableTable>;

/** How a table takes part in the undo log. */
export interface EditableTable {
  readonly key: readonly string[];
  /** Columns that an edit may set, besides the key. */
  readonly columns: readonly string[];
  readonly follows: Readonly<Record<string, 'image' | 'run'>>;
  readonly operations: readonly ('insert' | 'update' | 'delete')[];
}

/** The tables that only the program changes; what is in them is a result, a record or derived. */
export const uneditableTables = [
  'checkpoint',
  'edit',
  'edit_step',
  'export',
  'image_search',
  'model',
  'run',
  'run_frame',
  'run_loss',
  'score',
  'strike',
  'transform',
] as const;

/** A table that edits may change. */
export type EditableTableName = keyof typeof editableTables;

/** How a table takes part in the undo log, or undefined for one that does not. */
export function findEditableTable(name: string): EditableTable | undefined {
  return Object.hasOwn(editableTables, name) ? editableTables[name as EditableTableName] : undefined;
}
