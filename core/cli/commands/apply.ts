import type { Command } from 'commander';
import { applyOptions } from '../../contract/options.ts';
import { apply } from '../../engine/apply.ts';
import { withRunOptions } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { useCaseAction } from '../use-case-action.ts';

/** `congeal apply`: a learned transformer over new images. */
export function addApply(program: Command, context: CommandContext): void {
  const command = program
    .command('apply <folder>')
    .description('run a learned transformer (localiser.onnx or aligner.onnx) over new images')
    .requiredOption('--model <file>', 'the transformer')
    .requiredOption('--out <folder>', 'where transforms.csv and scores.csv go')
    .option('--resume', 'go on with the interrupted run in the output folder')
    .option('--allow-damaged', 'use what can be decoded of truncated images')
    .addHelpText('after', '\nExample:\n  congeal apply new-photos --model aligned/aligner.onnx --out applied');
  withRunOptions(command, { trains: false }).action(
    useCaseAction({ schema: applyOptions, operand: 'folder', start: apply, resumable: 'with --resume' }, context),
  );
}
