import type { Commands } from '../../../../core/contract/commands.ts';

/** What is checked of one command, with an engine of its own. */
export type CommandCase = () => Promise<void>;

/** A case for every command of a group: a command without one does not compile. */
export type GroupCases<Group extends keyof Commands> = Readonly<Record<keyof Commands[Group], CommandCase>>;
