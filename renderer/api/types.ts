import type { z } from 'zod';
import type { CommandName, CommandOf } from '../../core/contract/commands.ts';
import type { Answered } from '../../core/contract/command.ts';
import type { historyState } from '../../core/contract/commands/history.ts';
import type { imageRow } from '../../core/contract/commands/images.ts';
import type { project } from '../../core/contract/commands/projects.ts';

export type { Progress, Run } from '../../core/contract/commands/runs.ts';
export type { Transform, TransformEdit } from '../../core/contract/commands/transforms.ts';
export type { Settings } from '../../core/contract/commands/settings.ts';
export type { DoorEvent } from '../../core/contract/door-events.ts';
export type { Filter, Selection } from '../../core/contract/selection.ts';

/** What a command answers, by its full name: `AnswerOf<'images.page'>`. */
export type AnswerOf<Name extends CommandName> = Answered<CommandOf<Name>>;

export type Project = z.infer<typeof project>;
export type ImageRow = z.infer<typeof imageRow>;
export type HistoryState = z.infer<typeof historyState>;
export type RecentProject = AnswerOf<'projects.recent'>['projects'][number];
export type Tag = AnswerOf<'tags.list'>['tags'][number];
export type Facets = AnswerOf<'images.facets'>;
