import { describe, it } from 'vitest';
import type { Commands } from '../../../core/contract/commands.ts';
import type { CommandCase, GroupCases } from './commands/command-case.ts';
import { systemCases } from './commands/system-cases.ts';

/** Groups whose cases are still to come. */
type Pending = Exclude<keyof Commands, 'system'>;

/** Every command with the case that shows it at work. */
const cases: { readonly [Group in Exclude<keyof Commands, Pending>]: GroupCases<Group> } = {
  system: systemCases,
};

for (const [group, members] of Object.entries<Readonly<Record<string, CommandCase>>>(cases)) {
  describe(`commands of ${group}`, () => {
    for (const [name, check] of Object.entries(members)) it(name, check);
  });
}
