import type { Command } from 'commander';
import { alignOptions } from '../../contract/options.ts';
import { align } from '../../engine/align.ts';
import { numeric, withRunOptions } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { useCaseAction } from '../use-case-action.ts';

/** `congeal align`: joint alignment. */
export function addAlign(program: Command, context: CommandContext): void {
  const command = program
    .command('align <folder>')
    .description('bring every image into one canonical pose (joint alignment)')
    .requiredOption('--out <folder>', 'where transforms, mean images, report.html and aligner.onnx go')
    .option('--family <name>', 'translation, rotation, similarity or affine (the default)')
    .option('--size <pixels>', 'side of the mean images and of the crops that aligner.onnx gives (128)', numeric)
    .option('--reference <file>', 'the image whose pose becomes the canonical one')
    .option('--boxes <file>', 'start within the boxes of a boxes.csv')
    .option('--mirror', 'let images be mirrored')
    .option('--rotation <degrees>', 'how far an image may be turned either way (180: any rotation)', numeric)
    .option(
      '--features <name>',
      'gradients (the default, no weights needed), or an encoder: FILE.onnx or FILE.onnx#output',
    )
    .option('--no-learn', 'skip the learned transformer (no aligner.onnx)')
    .option('--no-optimise', 'run graphs as they are built, not simplified: slower, the same but for rounding')
    .option('--resume', 'go on with the interrupted run in the output folder')
    .option('--allow-damaged', 'use what can be decoded of truncated images')
    .addHelpText(
      'after',
      '\nFOLDER is scanned with its subfolders; a .congeal project file may stand in its place.\n' +
        '\nExamples:\n  congeal align photos --out aligned\n  congeal align photos --boxes found/boxes.csv --family similarity --out aligned',
    );
  withRunOptions(command).action(
    useCaseAction({ schema: alignOptions, operand: 'folder', start: align, resumable: 'with --resume' }, context),
  );
}
