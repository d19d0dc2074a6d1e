import type { GroupKind } from './image-groups.ts';
import type { ImageId, RunId, TagId } from './ids.ts';

/** Where an image stands: missing and quarantined files are failed ones of which more is known. */
export type ImageState = 'ready' | 'failed' | 'missing' | 'quarantined';

/** Which images are meant; everything that is given must hold. */
export interface ImageFilter {
  readonly status?: 'ready' | 'failed';
  /** In any of these states. */
  readonly states?: readonly ImageState[];
  /** Carries at least one of these. */
  readonly anyTag?: readonly TagId[];
  /** Carries each of these. */
  readonly allTags?: readonly TagId[];
  /** Carries none of these. */
  readonly noneOfTags?: readonly TagId[];
  /** Part of the file's name, in any case. */
  readonly text?: string;
  readonly decision?: { readonly run: RunId; readonly is: 'accepted' | 'rejected' | 'undecided' };
  /** Any of these decisions; 'edited' is a correction that was not decided on. */
  readonly decisions?: { readonly run: RunId; readonly are: readonly ('none' | 'accepted' | 'rejected' | 'edited')[] };
  /** Any of these outcomes, in the run's own words. */
  readonly outcomes?: { readonly run: RunId; readonly are: readonly string[] };
  /** What a run found, in the run's own words. */
  readonly outcome?: { readonly run: RunId; readonly is: string };
  /** Has this score within bounds (inclusive). */
  readonly score?: { readonly run: RunId; readonly name: string; readonly min?: number; readonly max?: number };
  readonly annotated?: boolean;
  /** Stands in some group of the kind. */
  readonly grouped?: GroupKind;
  /** Stands in this group. */
  readonly group?: { readonly kind: GroupKind; readonly id: ImageId };
  /** Its file holds the same bytes as this image's. */
  readonly sameFile?: ImageId;
}

/** A value that is bound to a statement. */
export type Bound = string | number | null;

/** A piece of SQL with the values of its question marks, in their order. */
export interface Sql {
  readonly sql: string;
  readonly values: readonly Bound[];
}

/** One part of a filter: how a given image is checked and, where an index knows, which images come into question. */
export interface Condition extends Sql {
  /** A query of image ids (as `id`), each at most once. */
  readonly candidates?: Sql;
}

/** The parts of a filter. Values are always bound, never written into the SQL. */
export function conditionsOf(filter: ImageFilter): readonly Condition[] {
  const { states, noneOfTags, decisions, outcomes } = filter;
  const { status, anyTag, allTags, text, decision, outcome, score, annotated, grouped, group, sameFile } = filter;
  return [
    ...(status === undefined ? [] : [hasStatus(status)]),
    ...(anyTag === undefined ? [] : [hasAnyTag(anyTag)]),
    ...[...new Set(allTags)].map(hasTag),
    ...(text === undefined || text === '' ? [] : [isNamed(text)]),
    ...(decision === undefined ? [] : [isDecided(decision)]),
    ...(outcome === undefined ? [] : [cameOut(outcome)]),
    ...(score === undefined ? [] : [scores(score)]),
    ...(states === undefined ? [] : [isInState(states)]),
    ...[...new Set(noneOfTags)].map(lacksTag),
    ...(decisions === undefined ? [] : [isAnyDecision(decisions)]),
    ...(outcomes === undefined ? [] : [isAnyOutcome(outcomes)]),
    ...(annotated === undefined ? [] : [isAnnotated(annotated)]),
    ...(grouped === undefined ? [] : [isGrouped(grouped)]),
    ...(group === undefined ? [] : [isInGroup(group)]),
    ...(sameFile === undefined ? [] : [hasSameFile(sameFile)]),
  ];
}

function hasStatus(status: string): Condition {
  const candidates = {
    sql: 'SELECT id FROM image INDEXED BY image_by_status WHERE removed_at IS NULL AND status = ?',
    values: [status],
  };
  return { sql: 'image.status = ?', values: [status], candidates };
}

const stateSql: Readonly<Record<ImageState, string>> = {
  ready: "image.status = 'ready'",
  failed: "(image.status = 'failed' AND image.failure_code NOT IN ('missing', 'image-quarantined'))",
  missing: "image.failure_code = 'missing'",
  quarantined: "image.failure_code = 'image-quarantined'",
};

function isInState(states: readonly ImageState[]): Condition {
  const sql = states.map((state) => stateSql[state]).join(' OR ');
  const condition: Sql = { sql: sql === '' ? 'false' : `(${sql})`, values: [] };
  return states.includes('ready') ? condition : { ...condition, candidates: hasStatus('failed').candidates as Sql };
}

function lacksTag(tag: TagId): Condition {
  return { sql: 'NOT EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id AND tag_id = ?)', values: [tag] };
}

function isAnyDecision({ run, are }: NonNullable<ImageFilter['decisions']>): Condition {
  const said = 'EXISTS (SELECT 1 FROM correction WHERE run_id = ? AND image_id = image.id AND';
  const corrected = '(matrix IS NOT NULL OR correction.box IS NOT NULL)';
  const sqls = are.map((is) => {
    if (is === 'none') return `NOT ${said} (decision IS NOT NULL OR ${corrected}))`;
    return `${said} decision ${is === 'edited' ? `IS NULL AND ${corrected}` : `= '${is}'`})`;
  });
  return { sql: sqls.length === 0 ? 'false' : `(${sqls.join(' OR ')})`, values: are.map(() => run) };
}

function isAnyOutcome({ run, are }: NonNullable<ImageFilter['outcomes']>): Condition {
  return {
    sql: `EXISTS (SELECT 1 FROM transform
      WHERE run_id = ? AND image_id = image.id AND status IN (SELECT value FROM json_each(?)))`,
    values: [run, JSON.stringify(are)],
  };
}

function hasTag(tag: TagId): Condition {
  return {
    sql: 'EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id AND tag_id = ?)',
    values: [tag],
    candidates: { sql: 'SELECT image_id AS id FROM image_tag WHERE tag_id = ?', values: [tag] },
  };
}

function hasAnyTag(tags: readonly TagId[]): Condition {
  if (tags.length === 1) return hasTag(tags[0]);
  const values = [JSON.stringify(tags)];
  return {
    sql: 'EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id AND tag_id IN (SELECT value FROM json_each(?)))',
    values,
    candidates: {
      sql: `SELECT DISTINCT image_id AS id FROM json_each(?) AS given CROSS JOIN image_tag ON tag_id = given.value`,
      values,
    },
  };
}

/** The index knows parts of three characters and more, in any case of any script; LIKE knows the case of A to Z. */
function isNamed(text: string): Condition {
  const like: Sql = {
    sql: `image.name LIKE ? ESCAPE '\\'`,
    values: [`%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`],
  };
  if (Array.from(text).length < 3) return like;
  const candidates: Sql = {
    sql: 'SELECT rowid AS id FROM image_search WHERE image_search MATCH ?',
    values: [`"${text.replaceAll('"', '""')}"`],
  };
  const isAscii = /^[\x20-\x7e]*$/.test(text);
  return isAscii
    ? { ...like, candidates }
    : { sql: `image.id IN (${candidates.sql})`, values: candidates.values, candidates };
}

function isDecided({ run, is }: NonNullable<ImageFilter['decision']>): Condition {
  const inRun = 'SELECT 1 FROM correction WHERE run_id = ? AND image_id = image.id AND decision';
  if (is === 'undecided') return { sql: `NOT EXISTS (${inRun} IS NOT NULL)`, values: [run] };
  return {
    sql: `EXISTS (${inRun} = ?)`,
    values: [run, is],
    candidates: { sql: 'SELECT image_id AS id FROM correction WHERE run_id = ? AND decision = ?', values: [run, is] },
  };
}

function cameOut({ run, is }: NonNullable<ImageFilter['outcome']>): Condition {
  return {
    sql: 'EXISTS (SELECT 1 FROM transform WHERE run_id = ? AND image_id = image.id AND status = ?)',
    values: [run, is],
    candidates: {
      sql: 'SELECT image_id AS id FROM transform INDEXED BY transform_by_outcome WHERE run_id = ? AND status = ?',
      values: [run, is],
    },
  };
}

/** The pluses keep the check of one image off the index by value, which would look through everything within bounds. */
function scores({ run, name, min, max }: NonNullable<ImageFilter['score']>): Condition {
  const bounds = [min ?? -Infinity, max ?? Infinity];
  return {
    sql: `EXISTS (SELECT 1 FROM score
      WHERE run_id = ? AND image_id = image.id AND name = ? AND +value >= ? AND +value <= ?)`,
    values: [run, name, ...bounds],
    candidates: {
      sql: `SELECT image_id AS id FROM score INDEXED BY score_by_value
        WHERE run_id = ? AND name = ? AND value >= ? AND value <= ?`,
      values: [run, name, ...bounds],
    },
  };
}

function isAnnotated(wanted: boolean): Condition {
  const sql = 'EXISTS (SELECT 1 FROM annotation WHERE image_id = image.id)';
  if (!wanted) return { sql: `NOT ${sql}`, values: [] };
  const candidates = {
    sql: 'SELECT DISTINCT image_id AS id FROM annotation INDEXED BY annotation_by_image WHERE image_id IS NOT NULL',
    values: [],
  };
  return { sql, values: [], candidates };
}

function isGrouped(kind: GroupKind): Condition {
  const [column, index] = groupColumn(kind);
  return {
    sql: `image.${column} IS NOT NULL`,
    values: [],
    candidates: { sql: `SELECT id FROM image INDEXED BY ${index} WHERE ${column} IS NOT NULL`, values: [] },
  };
}

function isInGroup({ kind, id }: NonNullable<ImageFilter['group']>): Condition {
  const [column, index] = groupColumn(kind);
  return {
    sql: `image.${column} = ?`,
    values: [id],
    candidates: { sql: `SELECT id FROM image INDEXED BY ${index} WHERE ${column} = ?`, values: [id] },
  };
}

function hasSameFile(id: ImageId): Condition {
  const same = 'sha256 = (SELECT sha256 FROM image WHERE id = ?)';
  return {
    sql: `image.${same}`,
    values: [id],
    candidates: { sql: `SELECT id FROM image INDEXED BY image_by_sha256 WHERE ${same}`, values: [id] },
  };
}

function groupColumn(kind: GroupKind): readonly [column: string, index: string] {
  return kind === 'burst' ? ['burst_group', 'image_by_burst'] : ['duplicate_group', 'image_by_duplicates'];
}
