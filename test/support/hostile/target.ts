import type { Command } from '../../../core/contract/command.ts';
import { listCommands } from '../../../core/contract/commands.ts';
import { toPath } from '../../../core/contract/wire.ts';
import type { Random } from '../../../core/geometry/random.ts';
import type { PlainRequest } from '../door.ts';

/** What an attacker may know of the door: everything but a way in. */
export interface Target {
  readonly host: string;
  readonly token: string;
  /** Ids that name something, by the name of their parameter. */
  readonly ids: Readonly<Record<string, string>>;
}

/** A request that must be refused, and what is wrong with it. */
export interface HostileRequest extends PlainRequest {
  readonly wrong: string;
}

/** Makes one kind of hostile request. */
export type Maker = (random: Random, target: Target) => HostileRequest;

/** Every command of the contract. */
export const allCommands: readonly Command[] = listCommands().map(([, command]) => command);

/** Headers with everything right but what is replaced. */
export const headersOf = ({ host, token }: Target, extra: Record<string, string> = {}) => ({
  host,
  Authorization: `Bearer ${token}`,
  ...extra,
});

/** A well-formed request for a command: everything right but its body. */
export function addressed(command: Command, { ids }: Target, replaced: Readonly<Record<string, string>> = {}): string {
  return toPath(command.path, {
    level: '0',
    column: '0',
    row: '0',
    picture: 'mean',
    provider: 'cpu',
    ...ids,
    ...replaced,
  });
}

/** The query without which a command that takes bytes refuses for another reason. */
export function nameQuery({ query }: Command): string {
  return query !== undefined && 'name' in query.shape ? '?name=x' : '';
}
