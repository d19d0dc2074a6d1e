import type { Command } from 'commander';
import { findOptions } from '../../contract/options.ts';
import { find } from '../../engine/find.ts';
import { automaticOrNumeric, withRunOptions } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { useCaseAction } from '../use-case-action.ts';

/** `congeal find`: co-localisation. */
export function addFind(program: Command, context: CommandContext): void {
  const command = program
    .command('find <folder>')
    .description('find the common object in every image (co-localisation)')
    .requiredOption('--out <folder>', 'where boxes.csv, report.html and localiser.onnx go')
    .option(
      '--object-size <share>',
      "typical share of the image's area that the object covers, or auto (the default)",
      automaticOrNumeric,
    )
    .option(
      '--features <name>',
      'gradients (the default, no weights needed), or an encoder for photos: FILE.onnx or FILE.onnx#output. With an encoder the ' +
        'localiser learns the boxes of the search, then by the shared part of its crops; on two sets of photos that second ' +
        'lesson changed little, and it is dropped where it takes the boxes away from those of the search',
    )
    .option('--net <name>', 'heat-map (the default), or published (the small network of the 2015 paper; weaker)')
    .option(
      '--objective <name>',
      'gain (the default), or triplet: the published loss. Triplet starts from what gain found and is normalised; on its own it fails ' +
        'in most runs (blank crops satisfy it), so use it to compare, not to work',
    )
    .option('--no-optimise', 'run graphs as they are built, not simplified: slower, the same but for rounding')
    .option('--resume', 'go on with the interrupted run in the output folder')
    .option('--allow-damaged', 'use what can be decoded of truncated images')
    .addHelpText(
      'after',
      '\nFOLDER is scanned with its subfolders; a .congeal project file may stand in its place.\n' +
        '\nExamples:\n  congeal find photos --out found\n  congeal find photos --features encoder.onnx#features --out found',
    );
  withRunOptions(command).action(
    useCaseAction({ schema: findOptions, operand: 'folder', start: find, resumable: 'with --resume' }, context),
  );
}
