import type { z } from 'zod';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { UseCaseContext } from '../engine/use-case.ts';
import { parseOptions } from './arguments.ts';
import type { CommandContext } from './command-context.ts';
import type { Resumable } from './cancelled.ts';
import { cancelledLines } from './cancelled.ts';
import { runUseCase } from './run-use-case.ts';
import { summarise } from './summary.ts';

/** How a command becomes a use-case of the engine. */
interface UseCaseCommand<Schema extends z.ZodType, Operand extends string> {
  readonly schema: Schema;
  /** What the command's operand is called among the options; none for a command without one. */
  readonly operand: Operand;
  readonly start: (options: z.infer<Schema>, context: UseCaseContext) => AsyncGenerator<EngineMessage, DoneMessage>;
  readonly resumable: Resumable;
}

/** The action of a command that runs a use-case on one operand and ends with its summary and its exit status. */
export function useCaseAction<Schema extends z.ZodType, Operand extends string>(
  { schema, operand, start, resumable }: UseCaseCommand<Schema, Operand>,
  context: CommandContext,
): (operand: string, values: Record<string, unknown>) => Promise<void> {
  return async (given, { json, strict, ...rest }) => {
    const options = parseOptions(schema, { ...rest, [operand]: given });
    const status = await runUseCase((useCase) => start(options, useCase), {
      json: json === true,
      strict: strict === true,
      cancelled: cancelledLines(context.argv, resumable),
      summary: summarise,
    });
    context.finish(status);
  };
}
