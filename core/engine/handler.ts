import type { Answer, Command, EventStream, Request } from '../contract/command.ts';
import type { Commands } from '../contract/commands.ts';

/** What a handler is given besides the request. */
export interface HandlerContext {
  /** Aborted when whoever asked has gone away. */
  readonly signal: AbortSignal;
}

/** Answers one command. Thin: it finds what the ids name, calls a use-case and shapes its answer. */
export type Handler<C extends Command> = (
  request: Request<C>,
  context: HandlerContext,
) => Answer<C> | Promise<Answer<C>>;

/** Streams of events are answered by the doors themselves. */
type Handled<Group> = {
  [Key in keyof Group]: Group[Key] extends { readonly answer: EventStream } ? never : Key;
}[keyof Group];

/** The handlers of a group of commands: a command without handler does not compile. */
export type GroupHandlers<Group extends keyof Commands> = {
  readonly [Key in Handled<Commands[Group]>]: Commands[Group][Key] extends Command
    ? Handler<Commands[Group][Key]>
    : never;
};

/** The handlers of all commands. */
export type Handlers = { readonly [Group in keyof Commands]: GroupHandlers<Group> };
